//! Groups members by key.

/// Groups members with the same key, in the order of their first member.
///
/// There are few keys, so a linear search is enough.
pub(crate) fn together<K: PartialEq, M>(
    members: impl IntoIterator<Item = (K, M)>,
) -> Vec<(K, Vec<M>)> {
    let mut groups: Vec<(K, Vec<M>)> = Vec::new();
    for (key, member) in members {
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(member),
            None => groups.push((key, vec![member])),
        }
    }
    groups
}

/// The same, the largest group first.
pub(crate) fn largest_first<K: PartialEq, M>(
    members: impl IntoIterator<Item = (K, M)>,
) -> Vec<(K, Vec<M>)> {
    let mut groups = together(members);
    groups.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
    groups
}
