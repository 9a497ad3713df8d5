//! Who belongs to whom: the pairs that are best together, not the best pair first.

/// For each row of `scores` the column it is paired with, so that the sum of all pairs is the greatest; pairs below `least`
/// are none. All rows have the same length.
///
/// The Hungarian method, in cubic time.
pub(super) fn assign(scores: &[Vec<f64>], least: f64) -> Vec<Option<usize>> {
    let width = scores.first().map_or(0, Vec::len);
    let size = scores.len().max(width);
    let worth = |row: usize, column: usize| {
        scores.get(row).and_then(|scores| scores.get(column)).copied().filter(|score| *score >= least).unwrap_or(0.0)
    };
    // Rows and columns count from 1; column 0 is where a row stands that looks for its place.
    let (mut of_rows, mut of_columns) = (vec![0.0; size + 1], vec![0.0; size + 1]);
    let (mut taken, mut from) = (vec![0; size + 1], vec![0; size + 1]);
    for row in 1..=size {
        taken[0] = row;
        let mut at = 0;
        let mut slack = vec![f64::INFINITY; size + 1];
        let mut seen = vec![false; size + 1];
        while taken[at] != 0 {
            seen[at] = true;
            let (mut step, mut next) = (f64::INFINITY, 0);
            for column in (1..=size).filter(|column| !seen[*column]) {
                let cost = -worth(taken[at] - 1, column - 1) - of_rows[taken[at]] - of_columns[column];
                if cost < slack[column] {
                    (slack[column], from[column]) = (cost, at);
                }
                if slack[column] < step {
                    (step, next) = (slack[column], column);
                }
            }
            for column in 0..=size {
                if seen[column] {
                    of_rows[taken[column]] += step;
                    of_columns[column] -= step;
                } else {
                    slack[column] -= step;
                }
            }
            at = next;
        }
        while at != 0 {
            taken[at] = taken[from[at]];
            at = from[at];
        }
    }
    let mut found = vec![None; scores.len()];
    for (column, row) in taken.iter().enumerate().take(width + 1).skip(1) {
        let row = row - 1;
        if worth(row, column - 1) > 0.0 {
            found[row] = Some(column - 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::random::Random;

    #[test]
    fn the_best_pairs_together() {
        // Greedily the first row would take the first column and leave nothing for the second.
        assert_eq!(assign(&[vec![0.9, 0.8], vec![0.85, 0.1]], 0.45), [Some(1), Some(0)]);
        assert_eq!(assign(&[vec![0.4, 0.6, 0.5]], 0.45), [Some(1)]);
        assert_eq!(assign(&[vec![0.5], vec![0.6], vec![0.1]], 0.45), [None, Some(0), None]);
        assert_eq!(assign(&[], 0.45), []);
        assert_eq!(assign(&[vec![], vec![]], 0.45), [None, None]);
    }

    /// The greatest sum, tried out.
    fn best(scores: &[Vec<f64>], used: &mut Vec<usize>) -> f64 {
        let Some((first, rest)) = scores.split_first() else { return 0.0 };
        let mut most = best(rest, used);
        for (at, score) in first.iter().enumerate() {
            if *score >= 0.45 && !used.contains(&at) {
                used.push(at);
                most = most.max(score + best(rest, used));
                used.pop();
            }
        }
        most
    }

    #[test]
    fn no_other_pairs_are_better() {
        let mut random = Random::new(31);
        for _ in 0..Random::cases(300) {
            let (rows, columns) = (random.between(1, 5), random.between(1, 5));
            let mut score = || f64::from(u32::try_from(random.between(0, 100)).unwrap()) / 100.0;
            let scores: Vec<Vec<f64>> = (0..rows).map(|_| (0..columns).map(|_| score()).collect()).collect();
            let pairs = assign(&scores, 0.45);
            let sum: f64 = pairs.iter().enumerate().filter_map(|(row, at)| at.map(|at| scores[row][at])).sum();
            assert!((sum - best(&scores, &mut Vec::new())).abs() < 1e-9, "{scores:?} {pairs:?}");
        }
    }
}
