//! Whether the ids of questions can be guessed.

use crate::base::finding::{Finding, Kind};
use crate::peer::server::udp::UdpPeer;

/// How many bytes an id has.
const ID: usize = 4;

impl UdpPeer<'_> {
    /// Checks that nobody can guess these ids: that they are spread over all the numbers there are, and
    /// each of their bytes changes, and none comes twice. Chance makes ten good ids look guessable once in
    /// 10^7 times.
    pub fn expect_hard_to_guess(&self, ids: &[u32]) {
        if are_guessable(ids) {
            let shown: Vec<String> = ids.iter().map(|id| format!("{id:08x}")).collect();
            let finding = Finding::of(Kind::Guessable);
            self.scene.fail(finding.saying(shown.join(" ")));
        }
    }
}

fn are_guessable(ids: &[u32]) -> bool {
    let spread = |ids: &[u32]| ids.iter().max().unwrap_or(&0) - ids.iter().min().unwrap_or(&0);
    let swapped: Vec<u32> = ids.iter().map(|id| id.swap_bytes()).collect();
    let is_narrow = spread(ids).min(spread(&swapped)) < 1 << 28;
    let is_constant = |place: usize| {
        ids.iter()
            .all(|id| id.to_be_bytes()[place] == ids[0].to_be_bytes()[place])
    };
    let is_twice = |place: usize| ids[..place].contains(&ids[place]);
    let steps: Vec<u32> = ids
        .windows(2)
        .map(|pair| pair[1].wrapping_sub(pair[0]))
        .collect();
    let is_even = steps.windows(2).all(|pair| pair[0] == pair[1]);
    is_narrow || is_even || (0..ID).any(is_constant) || (0..ids.len()).any(is_twice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_clocks_and_constants_are_found_and_chance_is_not() {
        let random = [
            0x1d87_4f02,
            0xe0a3_91c5,
            0x7b52_0d6e,
            0x4416_e8f9,
            0x93fb_27a0,
            0x0c6d_b513,
            0xd1e8_7a4c,
            0x2839_fc85,
            0xb644_0317,
            0x5fc0_6edb,
        ];
        let with = |id: fn(u32) -> u32| (0..10).map(id).collect::<Vec<_>>();
        assert!(!are_guessable(&random));
        assert!(are_guessable(&with(|n| n)));
        assert!(are_guessable(&with(|n| n.swap_bytes())));
        assert!(are_guessable(&with(|n| 1_700_000_000 + n / 4)));
        assert!(are_guessable(&with(
            |n| 0x1234_5678_u32.wrapping_add(n.wrapping_mul(0x3333_3333))
        )));
        assert!(are_guessable(&random.map(|id| id & 0xffff_0000)));
        assert!(are_guessable(&[&random[..], &random[3..4]].concat()));
    }
}
