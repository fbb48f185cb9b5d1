//! Finds the first of many places that has room enough, without looking at each.
//!
//! Above the places stands a tree; each of its nodes knows the most room that any place below it has, in each
//! dimension. Where that is too little, nothing below is looked at.

/// What a place has left, in each dimension (two, where nothing is said); nothing where it takes nobody.
pub type Room<A = u32, const N: usize = 2> = Option<[A; N]>;

/// The room of places that are numbered from 0.
#[derive(Clone, Debug, Default, Hash)]
pub struct FirstFit<A = u32, const N: usize = 2> {
    /// How many places the tree has leaves for: a power of two, or 0.
    width: usize,
    /// The root stands at 1, the children of `n` at `2 n` and `2 n + 1`, and the places behind one another at the end.
    most: Vec<Room<A, N>>,
}

impl<A: Copy + Ord, const N: usize> FirstFit<A, N> {
    /// What a place has left.
    pub fn room(&self, place: usize) -> Room<A, N> {
        if place < self.width { self.most[self.width + place] } else { None }
    }

    /// Notes what a place has left.
    pub fn set(&mut self, place: usize, room: Room<A, N>) {
        if place >= self.width {
            self.grow(place + 1);
        }
        let mut node = self.width + place;
        self.most[node] = room;
        while node > 1 {
            node /= 2;
            self.look_below(node);
        }
    }

    /// The first place from here on that has this much room.
    pub fn first(&self, from: usize, need: [A; N]) -> Option<usize> {
        if self.width == 0 { None } else { self.search(1, 0..self.width, from, need) }
    }

    fn search(&self, node: usize, places: std::ops::Range<usize>, from: usize, need: [A; N]) -> Option<usize> {
        if places.end <= from || !fits(self.most[node], need) {
            return None;
        }
        if places.len() == 1 {
            return Some(places.start);
        }
        let middle = places.start + places.len() / 2;
        let left = self.search(2 * node, places.start..middle, from, need);
        left.or_else(|| self.search(2 * node + 1, middle..places.end, from, need))
    }

    fn grow(&mut self, places: usize) {
        let width = places.next_power_of_two();
        let mut most = vec![None; 2 * width];
        most[width..width + self.width].copy_from_slice(&self.most[self.width..]);
        (self.width, self.most) = (width, most);
        (1..width).rev().for_each(|node| self.look_below(node));
    }

    fn look_below(&mut self, node: usize) {
        self.most[node] = match (self.most[2 * node], self.most[2 * node + 1]) {
            (Some(one), Some(other)) => Some(std::array::from_fn(|nth| one[nth].max(other[nth]))),
            (one, other) => one.or(other),
        };
    }
}

/// Whether the room is enough.
pub fn fits<A: Ord, const N: usize>(room: Room<A, N>, need: [A; N]) -> bool {
    room.is_some_and(|room| room.iter().zip(&need).all(|(room, need)| room >= need))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::chance::roll;

    #[test]
    fn it_finds_what_looking_at_each_would_find() {
        let (mut tree, mut list) = (FirstFit::<u32>::default(), Vec::<Room>::new());
        assert_eq!(tree.first(0, [0, 0]), None);
        for step in 0..5_000_u64 {
            let dice = |why: &str, sides: u64| (roll(1, step, why, 0) % sides) as u32;
            let place = dice("place", 1 + step / 50) as usize;
            let room = (dice("closed", 4) > 0).then(|| [dice("cpu", 8), dice("memory", 8)]);
            tree.set(place, room);
            list.resize(list.len().max(place + 1), None);
            list[place] = room;
            let (from, need) = (dice("from", 100) as usize, [dice("need", 8), dice("more", 8)]);
            let found = (from..list.len()).find(|&place| fits(list[place], need));
            assert_eq!(tree.first(from, need), found, "step {step}");
            assert_eq!(tree.room(place), room);
        }
        assert_eq!(tree.room(1 << 20), None);
    }
}
