//! Bytes that become text have to be some: the engine takes whatever there is, and no reader does.

use super::convert::Doubt;

/// What must not be where the bytes `value` become text.
///
/// The engine tells nothing of this, so bytes are gone through a character at a time, where any is not ASCII. A window goes
/// along: to reach a far byte of a large value is to read all of it.
pub(super) fn broken(value: &str) -> Doubt {
    const WINDOW: usize = 400;
    let near = WINDOW - 10;
    let bytes = "hex(substr(aludel_piece, aludel_at - aludel_from + 1, 4))";
    // How many bytes the character at hand has; none where it is broken, and then nothing new comes of another step.
    let length = format!(
        "CASE WHEN {bytes} GLOB '[0-7]*' THEN 1 \
         WHEN {bytes} GLOB '[CD]?[89AB]*' AND {bytes} NOT GLOB 'C[01]*' THEN 2 \
         WHEN {bytes} GLOB 'E?[89AB]?[89AB]*' AND {bytes} NOT GLOB 'E0[89]*' AND {bytes} NOT GLOB 'ED[AB]*' THEN 3 \
         WHEN {bytes} GLOB 'F[0-4][89AB]?[89AB]?[89AB]?' AND {bytes} NOT GLOB 'F08*' AND {bytes} NOT GLOB 'F4[9AB]*' THEN 4 \
         ELSE 0 END"
    );
    let ascii = format!(
        "instr({value}, X'00') = 0 AND CAST({value} AS TEXT) NOT GLOB '*[^' || char(1) || '-' || char(127) || ']*'"
    );
    let reached = format!(
        "(WITH RECURSIVE aludel_walk (aludel_at, aludel_from, aludel_piece) AS (\
         SELECT 1, 1, substr({value}, 1, {WINDOW}) UNION SELECT aludel_at + {length}, \
         iif(aludel_at - aludel_from < {near}, aludel_from, aludel_at), \
         iif(aludel_at - aludel_from < {near}, aludel_piece, substr({value}, aludel_at, {WINDOW})) \
         FROM aludel_walk WHERE aludel_at <= length({value})) SELECT max(aludel_at) FROM aludel_walk)"
    );
    let condition = format!("({value}) IS NOT NULL AND NOT ({ascii}) AND {reached} <= length({value})");
    Doubt { condition, why: "is no text in UTF-8".into() }
}
