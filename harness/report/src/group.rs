//! Groups members by key.

use std::collections::HashMap;
use std::hash::Hash;

/// Groups members with the same key, in the order of their first member.
pub(crate) fn together<K: Clone + Eq + Hash, M>(
    members: impl IntoIterator<Item = (K, M)>,
) -> Vec<(K, Vec<M>)> {
    let mut places = HashMap::new();
    let mut groups: Vec<(K, Vec<M>)> = Vec::new();
    for (key, member) in members {
        let place = *places.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, members)) => members.push(member),
            None => groups.push((key, vec![member])),
        }
    }
    groups
}

/// The same, the largest group first.
pub(crate) fn largest_first<K: Clone + Eq + Hash, M>(
    members: impl IntoIterator<Item = (K, M)>,
) -> Vec<(K, Vec<M>)> {
    let mut groups = together(members);
    groups.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
    groups
}
