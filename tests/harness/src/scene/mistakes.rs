//! The names of mistakes, given where an expectation may meet them.
//!
//! `client.mistake("no-half-close", &[StillOpen]).expect_end()` expects what `client.expect_end()` does; a finding of
//! these kinds then betrays the mistake with this id on the lesson's page. The name holds to the end of the
//! statement, and where another name is given behind it, up to there.

use std::ops::{Deref, DerefMut};

use crate::base::finding::{Kind, Name};
use crate::scene::Scene;

/// Something of which more is expected, with names for what may be found instead.
pub struct Named<'scene, T> {
    scene: &'scene Scene,
    of: T,
}

impl<'scene, T> Named<'scene, T> {
    pub(crate) fn new(scene: &'scene Scene, of: T, name: Name) -> Self {
        scene.expecting.replace(vec![name]);
        Self { scene, of }
    }

    /// Another name, for findings of other kinds.
    #[must_use]
    pub fn mistake(self, id: &'static str, kinds: &'static [Kind]) -> Self {
        self.scene.expecting.borrow_mut().push((kinds, id));
        self
    }
}

impl<T: Deref> Deref for Named<'_, T> {
    type Target = T::Target;

    fn deref(&self) -> &Self::Target {
        &self.of
    }
}

impl<T: DerefMut> DerefMut for Named<'_, T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.of
    }
}

impl<T> Drop for Named<'_, T> {
    fn drop(&mut self) {
        self.scene.expecting.borrow_mut().clear();
    }
}

/// Lets names be given to what is expected of a type: `self.scene`, or wherever its scene is.
macro_rules! expectations {
    (mut $of:ident < $($lifetime:lifetime),+ >, $this:ident $(. $scene:ident)+) => {
        expectations!(@ $this, [&mut $this], [&mut Self], $of < $($lifetime),+ >, $($scene).+);
    };
    ($of:ident < $($lifetime:lifetime),+ >, $this:ident $(. $scene:ident)+) => {
        expectations!(@ $this, [& $this], [&Self], $of < $($lifetime),+ >, $($scene).+);
    };
    (@ $this:ident, [$($receiver:tt)+], [$($reference:tt)+], $of:ident < $($lifetime:lifetime),+ >, $($scene:ident).+) => {
        impl<$($lifetime),+> $of<$($lifetime),+> {
            /// Names the mistake that findings of these kinds (of any kind, where there is none) betray in the
            /// expectation that follows.
            #[must_use = "it names what the expectation behind it finds"]
            pub fn mistake(
                $($receiver)+,
                id: &'static str,
                kinds: &'static [$crate::base::finding::Kind],
            ) -> $crate::scene::mistakes::Named<'scene, $($reference)+> {
                $crate::scene::mistakes::Named::new($this.$($scene).+, $this, (kinds, id))
            }
        }
    };
}

pub(crate) use expectations;
