//! The two lanes that diagrams are drawn in.

/// The column of the left lane.
pub const LEFT: usize = 10;
/// How many columns lie between the lanes.
pub const BETWEEN: usize = 44;

/// The grader's ends have letters: A is the first.
pub fn name(who: u8) -> char {
    char::from(b'A' + who % 26)
}
