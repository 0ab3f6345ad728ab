//! Checks that every name in a case is known where it is used.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::answer::AnswerRule;
use crate::dns::DnsName;
use crate::host::HostFacts;
use crate::leaf::Name;
use crate::problem::{Problem, enough};
use crate::program::Program;
use crate::returned::sockaddr::fields_of;
use crate::source::Span;
use crate::step::{Step, Watching, When};
use crate::template::{Reference, Template};

/// The names that a case has from the start.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) parameters: &'a [(String, String)],
    pub(crate) hosts: &'a [Name],
    pub(crate) programs: &'a [(Name, Program)],
    pub(crate) dns: &'a [(String, DnsName)],
}

/// Follows the names of a case from its first step to its answer.
pub(crate) fn check(
    given: Given<'_>,
    steps: &[Step],
    answer: Option<&AnswerRule>,
    problems: &mut Vec<Problem>,
) {
    let Given {
        parameters,
        hosts,
        programs,
        dns,
    } = given;
    let mut names = Names {
        parameters,
        hosts,
        programs,
        started: Known::default(),
        watched: Vec::new(),
        sockets: Known::default(),
        saved: Known::default(),
        conditional: false,
        problems,
    };
    for host in hosts {
        names.must_be_no_parameter(host);
    }
    for (program, _) in programs {
        names.must_be_no_parameter(program);
    }
    for (_, name) in dns {
        name.templates().for_each(|text| names.template(text));
    }
    for step in steps {
        if enough(names.problems) {
            return;
        }
        names.step(step);
    }
    for alternative in answer.iter().flat_map(|rule| &rule.0) {
        for condition in alternative.when.iter().flat_map(|when| &when.0) {
            names.template(&condition.value);
        }
        names.conditional = is_conditional(alternative.when.as_ref());
        names.template(&alternative.say);
    }
    names.all_are_started();
}

fn is_conditional(when: Option<&When>) -> bool {
    when.is_some_and(|when| !when.0.is_empty())
}

struct Names<'a> {
    parameters: &'a [(String, String)],
    hosts: &'a [Name],
    programs: &'a [(Name, Program)],
    /// Whether it is known where it listens.
    started: Known<'a, bool>,
    /// The programs whose attempts to connect are watched.
    watched: Vec<&'a str>,
    sockets: Known<'a, KnownSocket>,
    saved: Known<'a, Arc<[String]>>,
    /// Whether what is read is used only under a condition (`when`).
    conditional: bool,
    problems: &'a mut Vec<Problem>,
}

/// The fields that every host and every socket has, listed once for all cases.
static FIELDS: LazyLock<Fields> = LazyLock::new(Fields::new);

struct Fields {
    host: Arc<[String]>,
    program: Arc<[String]>,
    socket: Arc<[String]>,
}

impl Fields {
    fn new() -> Self {
        let addresses = ["name", "peer", "from"].into_iter().flat_map(fields_of);
        Self {
            host: HostFacts::FIELDS.map(str::to_owned).into(),
            program: fields_of("name").chain(["port".to_owned()]).collect(),
            socket: addresses.chain(["port".to_owned()]).collect(),
        }
    }
}

/// What is known so far, by name: found at once, and listed in the order of the file.
struct Known<'a, T> {
    names: Vec<&'a str>,
    by_name: HashMap<&'a str, T>,
}

impl<T> Default for Known<'_, T> {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            by_name: HashMap::new(),
        }
    }
}

impl<'a, T> Known<'a, T> {
    /// Of two with one name the first counts; the second is a mistake.
    fn add(&mut self, name: &'a Name, what: T) {
        self.names.push(&name.text);
        self.by_name.entry(&name.text).or_insert(what);
    }

    fn get(&self, name: &str) -> Option<&T> {
        self.by_name.get(name)
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.by_name.get_mut(name)
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().copied()
    }
}

#[derive(Default)]
struct KnownSocket {
    closed: bool,
    /// What is known about it: `name`, `peer`, `from`.
    told: Vec<&'static str>,
    /// What is known about it only if a condition was met.
    told_perhaps: Vec<&'static str>,
}

impl<'a> Names<'a> {
    fn step(&mut self, step: &'a Step) {
        self.conditional = is_conditional(Some(&step.when));
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
        if let Some(program) = step.call.starts() {
            self.start(program);
            let watched = step.call.watch() == Some(Watching::Begins);
            self.watched
                .extend(watched.then_some(program.text.as_str()));
        }
        if let Some(program) = step.call.program() {
            self.must_be_started(program);
            if step.call.watch() == Some(Watching::Asks) {
                self.must_be_watched(program);
            }
        }
        if let Some(name) = step.call.closes() {
            let closed = self.sockets.get_mut(&name.text);
            closed.into_iter().for_each(|socket| socket.closed = true);
        }
        if let Some(name) = step.call.creates() {
            self.must_be_new(name);
            self.sockets.add(name, KnownSocket::default());
        }
        if let Some((name, field)) = step.call.tells() {
            self.tell(name, field);
        }
        if let Some(name) = &step.save {
            self.must_be_new(name);
            let fields = step.call.returns().fields(!self.hosts.is_empty());
            self.saved.add(name, fields.into());
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A new name must not be in use.
    fn must_be_new(&mut self, name: &Name) {
        let taken = if self.hosts.contains(name) {
            "a host"
        } else if self.programs.iter().any(|(program, _)| program == name) {
            "a program"
        } else if self.sockets.get(&name.text).is_some() {
            "a socket"
        } else if self.saved.get(&name.text).is_some() {
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
        let problem = match self.sockets.get(&name.text) {
            Some(socket) if socket.closed => Problem::new(
                name.span,
                format!("socket `{name}` has been closed before this step"),
            ),
            Some(_) => return,
            None => {
                let problem = Problem::new(
                    name.span,
                    format!("no socket is called `{name}` before this step"),
                );
                if self.sockets.names().next().is_none() {
                    problem.hint(format!(
                        "make it first: `{{ socket = \"{name}\", type = \"udp6\" }}`"
                    ))
                } else {
                    problem.nearest(&name.text, self.sockets.names())
                }
            }
        };
        self.problem(problem);
    }

    /// A program is started once, with values that are known by then.
    fn start(&mut self, name: &'a Name) {
        let programs = self.programs;
        let Some((_, program)) = programs.iter().find(|(known, _)| known == name) else {
            let problem = Problem::new(name.span, format!("no program is called `{name}`"));
            let known = programs.iter().map(|(program, _)| program.text.as_str());
            let problem = match programs {
                [] => problem.hint(format!(
                    "describe it at the end of the file: `[programs.{name}]` with \
                     `command = [\"./{name}\"]`"
                )),
                _ => problem.nearest(&name.text, known),
            };
            return self.problem(problem);
        };
        if self.started.get(&name.text).is_some() {
            let message = format!("program `{name}` has been started before this step");
            let problem = Problem::new(name.span, message);
            self.problem(problem.hint("describe a second one under `programs`"));
        }
        for template in program.templates() {
            self.template(template);
        }
        self.started.add(name, false);
    }

    /// A program that a call is about must have been started.
    fn must_be_started(&mut self, name: &Name) {
        if self.started.get(&name.text).is_some() {
            return;
        }
        let problem = Problem::new(
            name.span,
            format!("program `{name}` has not been started before this step"),
        );
        let known = self.programs.iter().map(|(known, _)| known.text.as_str());
        let problem = if self.programs.is_empty() || known.clone().any(|known| known == name.text) {
            problem.hint(format!("start it first: `{{ start = \"{name}\" }}`"))
        } else {
            problem.nearest(&name.text, known)
        };
        self.problem(problem);
    }

    /// A program whose attempts are asked for must be watched from its start.
    fn must_be_watched(&mut self, name: &Name) {
        let started = self.started.get(&name.text).is_some();
        if started && !self.watched.contains(&name.text.as_str()) {
            let message = format!("nothing watches where `{name}` connects to");
            let problem = Problem::new(name.span, message);
            let hint = format!("start it with `{{ start = \"{name}\", watch = true }}`");
            self.problem(problem.hint(hint));
        }
    }

    /// A program that is not started was forgotten.
    fn all_are_started(&mut self) {
        for (name, _) in self.programs {
            if self.started.get(&name.text).is_none() && !enough(self.problems) {
                let problem = Problem::new(name.span, format!("nothing starts `{name}`"));
                let hint = format!("add the step `{{ start = \"{name}\" }}`, or remove it");
                self.problem(problem.hint(hint));
            }
        }
    }

    fn tell(&mut self, name: &Name, field: &'static str) {
        if let Some(told) = self.started.get_mut(&name.text) {
            *told = true;
        }
        let conditional = self.conditional;
        let Some(socket) = self.sockets.get_mut(&name.text) else {
            return;
        };
        let told = match conditional {
            true => &mut socket.told_perhaps,
            false => &mut socket.told,
        };
        if !told.contains(&field) {
            told.push(field);
        }
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
        if let Some(known) = self.saved.get(name).cloned() {
            self.field(&format!("saved result `{name}`"), &fields, &known, span);
            return;
        }
        if self
            .programs
            .iter()
            .any(|(program, _)| program.text == *name)
        {
            return self.program_field(name, &fields, span);
        }
        let Some(socket) = self.sockets.get(name) else {
            let known = self.saved.names().chain(self.sockets.names());
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
        let (told, perhaps) = (socket.told.clone(), socket.told_perhaps.clone());
        self.socket_field(name, &told, &perhaps, &fields, span);
    }

    fn host_field(&mut self, name: &str, fields: &[&str], span: Span) {
        if fields.is_empty() {
            let problem = Problem::new(span, format!("`{name}` is a host, not a value"));
            let hint = format!("its addresses are `{{{name}.ipv4}}` and `{{{name}.ipv6}}`");
            return self.problem(problem.hint(hint));
        }
        let known = Arc::clone(&FIELDS.host);
        self.field(&format!("host `{name}`"), fields, &known, span);
    }

    fn program_field(&mut self, name: &str, fields: &[&str], span: Span) {
        if self.started.get(name) == Some(&true) && !fields.is_empty() {
            let known = Arc::clone(&FIELDS.program);
            return self.field(&format!("program `{name}`"), fields, &known, span);
        }
        let path = [&[name], fields].concat().join(".");
        let problem = match fields {
            [] => Problem::new(span, format!("`{name}` is a program, not a value")),
            _ => Problem::new(span, format!("`{path}` is not known yet")),
        };
        self.problem(problem.hint(format!(
            "its port is `{{{name}.port}}` after `{{ listening = \"{name}\" }}`"
        )));
    }

    fn socket_field(
        &mut self,
        name: &str,
        told: &[&str],
        perhaps: &[&str],
        fields: &[&str],
        span: Span,
    ) {
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
        if !told.contains(&wanted) && perhaps.contains(&wanted) {
            if !self.conditional {
                let path = fields.join(".");
                let message = format!("`{name}.{path}` is known only if a `when` before it holds");
                let problem = Problem::new(span, message);
                self.problem(problem.hint("put the same `when` here, or remove it there"));
            }
        } else if !wanted.is_empty() && !told.contains(&wanted) {
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
        let known = Arc::clone(&FIELDS.socket);
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
