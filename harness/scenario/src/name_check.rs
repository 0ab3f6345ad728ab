//! Checks that every name in a case is known where it is used.

use crate::answer::AnswerRule;
use crate::host::HostFacts;
use crate::leaf::Name;
use crate::problem::{Problem, Span};
use crate::returned::Shape;
use crate::returned::sockaddr::fields_of;
use crate::step::Step;
use crate::template::{Reference, Template};

/// Follows the names of a case from its first step to its answer.
pub(crate) fn check(
    parameters: &[(String, String)],
    hosts: &[Name],
    steps: &[Step],
    answer: Option<&AnswerRule>,
    problems: &mut Vec<Problem>,
) {
    let mut names = Names {
        parameters,
        hosts,
        sockets: Vec::new(),
        saved: Vec::new(),
        problems,
    };
    for host in hosts {
        names.must_be_no_parameter(host);
    }
    for step in steps {
        names.step(step);
    }
    for alternative in answer.iter().flat_map(|rule| &rule.0) {
        for condition in alternative.when.iter().flat_map(|when| &when.0) {
            names.template(&condition.value);
        }
        names.template(&alternative.say);
    }
}

struct Names<'a> {
    parameters: &'a [(String, String)],
    hosts: &'a [Name],
    sockets: Vec<KnownSocket<'a>>,
    saved: Vec<(&'a str, Shape)>,
    problems: &'a mut Vec<Problem>,
}

struct KnownSocket<'a> {
    name: &'a str,
    closed: bool,
    /// What is known about it: `name`, `peer`, `from`.
    told: Vec<&'static str>,
}

impl<'a> Names<'a> {
    fn step(&mut self, step: &'a Step) {
        for condition in &step.when.0 {
            self.template(&condition.value);
        }
        for template in step.call.templates() {
            self.template(template);
        }
        for name in step.call.uses() {
            self.must_be_open(name);
        }
        if let Some(host) = step.call.host() {
            self.must_be_host(host);
        }
        if let Some(name) = step.call.closes() {
            let closed = self
                .sockets
                .iter_mut()
                .find(|socket| socket.name == name.text);
            closed.into_iter().for_each(|socket| socket.closed = true);
        }
        if let Some(name) = step.call.creates() {
            self.must_be_new(name);
            self.sockets.push(KnownSocket {
                name: &name.text,
                closed: false,
                told: Vec::new(),
            });
        }
        if let Some((name, field)) = step.call.tells() {
            self.tell(name, field);
        }
        if let Some(name) = &step.save {
            self.must_be_new(name);
            self.saved.push((&name.text, step.call.returns()));
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A new name must not be in use.
    fn must_be_new(&mut self, name: &Name) {
        let taken = if self.hosts.contains(name) {
            "a host"
        } else if self.sockets.iter().any(|socket| socket.name == name.text) {
            "a socket"
        } else if self.saved.iter().any(|(saved, _)| *saved == name.text) {
            "a saved result"
        } else if self.is_parameter(&name.text) {
            "a parameter"
        } else {
            return;
        };
        self.taken(name, taken);
    }

    fn is_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }

    fn taken(&mut self, name: &Name, by: &str) {
        let problem = Problem::new(name.span, format!("`{name}` is already {by}"));
        self.problem(problem.hint("choose another name"));
    }

    fn must_be_no_parameter(&mut self, host: &Name) {
        if self.is_parameter(&host.text) {
            self.taken(host, "a parameter");
        }
    }

    /// The host of a socket must exist.
    fn must_be_host(&mut self, name: &Name) {
        if self.hosts.contains(name) {
            return;
        }
        let problem = Problem::new(name.span, format!("no host is called `{name}`"));
        let known = self.hosts.iter().map(|host| host.text.as_str());
        let problem = if self.hosts.is_empty() {
            problem.hint(format!("name it at the top: `hosts = [\"{name}\", …]`"))
        } else {
            problem.nearest(&name.text, known)
        };
        self.problem(problem);
    }

    /// A socket that a call is made on must be open.
    fn must_be_open(&mut self, name: &Name) {
        let known = self.sockets.iter().find(|socket| socket.name == name.text);
        let problem = match known {
            Some(socket) if socket.closed => Problem::new(
                name.span,
                format!("socket `{name}` has been closed before this step"),
            ),
            Some(_) => return,
            None => {
                let known = self.sockets.iter().map(|socket| socket.name);
                let problem = Problem::new(
                    name.span,
                    format!("no socket is called `{name}` before this step"),
                );
                if self.sockets.is_empty() {
                    problem.hint(format!(
                        "make it first: `{{ socket = \"{name}\", type = \"udp6\" }}`"
                    ))
                } else {
                    problem.nearest(&name.text, known)
                }
            }
        };
        self.problem(problem);
    }

    fn tell(&mut self, name: &Name, field: &'static str) {
        let socket = self
            .sockets
            .iter_mut()
            .find(|socket| socket.name == name.text);
        socket
            .into_iter()
            .for_each(|socket| socket.told.push(field));
    }

    fn template(&mut self, template: &Template) {
        for reference in template.references() {
            self.reference(reference, template.span);
        }
    }

    fn reference(&mut self, reference: &Reference, span: Span) {
        let Reference { name, fields, .. } = reference;
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        if self.hosts.iter().any(|host| host.text == *name) {
            return self.host_field(name, &fields, span);
        }
        if self.is_parameter(name) {
            if !fields.is_empty() {
                self.problem(Problem::new(
                    span,
                    format!("parameter `{name}` has no fields"),
                ));
            }
            return;
        }
        if let Some((_, shape)) = self.saved.iter().find(|(saved, _)| saved == name) {
            let known = shape.fields(!self.hosts.is_empty());
            self.field(&format!("saved result `{name}`"), &fields, &known, span);
            return;
        }
        let Some(socket) = self.sockets.iter().find(|socket| socket.name == name) else {
            let sockets = self.sockets.iter().map(|socket| socket.name);
            let known = self.saved.iter().map(|(saved, _)| *saved).chain(sockets);
            let known = known.chain(self.hosts.iter().map(|host| host.text.as_str()));
            let known = known.chain(
                self.parameters
                    .iter()
                    .map(|(parameter, _)| parameter.as_str()),
            );
            let problem = Problem::new(
                span,
                format!("no value is called `{name}` before this place"),
            );
            let problem = problem.nearest(name, known);
            self.problem(problem);
            return;
        };
        let told = socket.told.clone();
        self.socket_field(name, &told, &fields, span);
    }

    fn host_field(&mut self, name: &str, fields: &[&str], span: Span) {
        if fields.is_empty() {
            let problem = Problem::new(span, format!("`{name}` is a host, not a value"));
            let hint = format!("its addresses are `{{{name}.ipv4}}` and `{{{name}.ipv6}}`");
            return self.problem(problem.hint(hint));
        }
        let known = HostFacts::FIELDS.map(str::to_owned);
        self.field(&format!("host `{name}`"), fields, &known, span);
    }

    fn socket_field(&mut self, name: &str, told: &[&str], fields: &[&str], span: Span) {
        let (wanted, hint) = match fields.first().copied() {
            None => {
                let problem = Problem::new(span, format!("`{name}` is a socket, not a value"));
                let hint = format!("its address is `{{{name}.name}}`, its port `{{{name}.port}}`");
                return self.problem(problem.hint(hint));
            }
            Some("port" | "name") => ("name", "getsockname"),
            Some("peer") => ("peer", "getpeername"),
            Some("from") => ("from", "accept"),
            Some(_) => ("", ""),
        };
        if !wanted.is_empty() && !told.contains(&wanted) {
            let problem = Problem::new(
                span,
                format!("`{name}.{}` is not known yet", fields.join(".")),
            );
            let hint = if wanted == "from" {
                "only a socket made by `accept` has it".to_owned()
            } else {
                format!("put `{{ {hint} = \"{name}\" }}` before this step")
            };
            return self.problem(problem.hint(hint));
        }
        let addresses = ["name", "peer", "from"].into_iter().flat_map(fields_of);
        let known: Vec<String> = addresses.chain(["port".to_owned()]).collect();
        self.field(&format!("socket `{name}`"), fields, &known, span);
    }

    fn field(&mut self, what: &str, fields: &[&str], known: &[String], span: Span) {
        let path = fields.join(".");
        if path.is_empty() || known.contains(&path) {
            return;
        }
        let problem = Problem::new(span, format!("{what} has no field `{path}`"));
        let problem = if known.is_empty() {
            problem.hint("its call returns only success or an error")
        } else {
            problem.nearest(&path, known.iter().map(String::as_str))
        };
        self.problem(problem);
    }
}
