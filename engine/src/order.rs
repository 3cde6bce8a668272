//! Sorting and sets for every type through one sort of places. The standard library's sorts are compiled once more for
//! each type they sort, and collecting into a set of the tree kind is such a sort: together 5 % of the
//! component. Must not decide by what anything is sorted.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Sorts by `compare`; what compares equal stays in its order.
pub(crate) fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = {
        let at = |one: usize, other: usize| match (items.get(one), items.get(other)) {
            (Some(one), Some(other)) => compare(one, other),
            _ => Ordering::Equal,
        };
        places(items.len(), &at)
    };
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|place| taken.get_mut(place)?.take()));
}

/// Sorts by a key; what has the same key stays in its order.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let at = |one: usize, other: usize| keys.get(one).cmp(&keys.get(other));
    let order = places(items.len(), &at);
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|place| taken.get_mut(place)?.take()));
}

/// Sorts by the order of the type.
pub(crate) fn sort<T: Ord>(items: &mut Vec<T>) {
    sort_by(items, T::cmp);
}

/// The places `0..length` in the order of `compare`: the one sort there is.
fn places(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

/// A set of what `items` yields.
pub(crate) fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

/// Leaves those that `keeps`. Taking single elements out of a tree brings its balancing along, once more for each type.
pub(crate) fn keep<T: Copy + Ord>(items: &mut BTreeSet<T>, keeps: impl Fn(T) -> bool) {
    *items = set(items.iter().copied().filter(|item| keeps(*item)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does_and_keeps_equals_in_order() {
        let given: Vec<(u8, usize)> =
            (0..200_u8).map(|n| (n.wrapping_mul(37).rem_euclid(11), usize::from(n))).collect();
        let mut expected = given.clone();
        expected.sort_by_key(|pair| pair.0);
        let (mut by_key, mut by_comparison) = (given.clone(), given.clone());
        sort_by_key(&mut by_key, |pair| pair.0);
        sort_by(&mut by_comparison, |one, other| one.0.cmp(&other.0));
        assert_eq!(by_key, expected);
        assert_eq!(by_comparison, expected);
        let mut reversed: Vec<_> = given.iter().rev().copied().collect();
        sort(&mut reversed);
        expected.sort_unstable();
        assert_eq!(reversed, expected);
    }

    #[test]
    fn sets_are_those_that_collecting_makes() {
        let given = [3, 1, 2, 3, 1];
        assert_eq!(set(given), given.into_iter().collect());
        assert!(set::<u8>([]).is_empty());
    }

    #[test]
    fn what_is_kept_is_what_retaining_keeps() {
        let (mut kept, mut retained) = (set([3, 1, 2]), set([3, 1, 2]));
        keep(&mut kept, |item| item != 2);
        retained.retain(|item| *item != 2);
        assert_eq!(kept, retained);
    }
}
