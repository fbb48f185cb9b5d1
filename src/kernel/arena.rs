//! A vector with a typed index. Things are added and changed, never removed: what ended stays readable for `why`.

use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use crate::model::id::Id;

/// All things of one kind, in the order of their creation.
#[derive(Clone, Debug)]
pub struct Arena<I, T> {
    items: Vec<T>,
    kind: PhantomData<I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Arena { items: Vec::new(), kind: PhantomData }
    }
}

impl<I: Id, T> Arena<I, T> {
    /// Adds a thing and says where it is.
    pub fn add(&mut self, item: T) -> I {
        let id = self.next_id();
        self.items.push(item);
        id
    }

    /// The id that the next added thing will get.
    pub fn next_id(&self) -> I {
        I::new(u32::try_from(self.items.len()).expect("the entity limits lie far below four thousand million"))
    }

    /// The thing with this id, if there is one.
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.index())
    }

    /// How many things there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is nothing here.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Everything, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(index, item)| (I::new(index as u32), item))
    }
}

impl<I: Id, T> Index<I> for Arena<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<I, T: Hash> Hash for Arena<I, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.items.hash(state);
    }
}
