//! A Rust file with what is not code blanked out, so that a rule can search text instead of parsing a language.

/// One file of Rust. `code` and `bare` have the length and the lines of `text`.
pub(crate) struct Source {
    /// Comments, doc comments, and what stands under `#[cfg(test)]` blanked; strings kept.
    pub(crate) code: String,
    /// The same with the insides of strings blanked too.
    pub(crate) bare: String,
    /// Modules in files of their own that stand under `#[cfg(test)]`.
    pub(crate) test_modules: Vec<String>,
}

impl Source {
    /// Blanks `text`.
    pub(crate) fn new(text: &str) -> Source {
        let bytes = text.as_bytes();
        let (mut code, mut bare) = (bytes.to_vec(), bytes.to_vec());
        for (range, is_string) in quiet(bytes) {
            if !is_string {
                blank(&mut code[range.clone()]);
            }
            blank(&mut bare[range]);
        }
        let mut test_modules = Vec::new();
        for range in tests(&bare) {
            let item = String::from_utf8_lossy(&bare[range.clone()]).into_owned();
            let module = item.strip_suffix(';').and_then(|item| item.rsplit_once("mod "));
            test_modules.extend(module.map(|(_, name)| name.to_owned()));
            blank(&mut code[range.clone()]);
            blank(&mut bare[range]);
        }
        let own = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Source { code: own(code), bare: own(bare), test_modules }
    }
}

/// The line of a byte offset, counted from 1.
pub(crate) fn line(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

/// Where each occurrence of `word` begins that is no part of a longer identifier.
pub(crate) fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let inner = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let bytes = text.as_bytes();
        let end = at + word.len();
        let starts = !inner(word.as_bytes().first()) || *at == 0 || !inner(bytes.get(at - 1));
        starts && (!inner(word.as_bytes().last()) || !inner(bytes.get(end)))
    })
}

/// The offset just past the bracket that closes the one at `open`; the end of the text where none does.
pub(crate) fn close(text: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The offset of the first item token at or after `at`: white space and further attributes are passed over.
pub(crate) fn past_attributes(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if !(text[at..].starts_with("#[") || text[at..].starts_with("#![")) {
            return at;
        }
        at = close(text, at + text[at..].find('[').unwrap_or(0));
    }
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// Comments and the insides of strings and characters, in order; `true` for the latter.
fn quiet(bytes: &[u8]) -> Vec<(std::ops::Range<usize>, bool)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let identifier_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let end = if rest.starts_with(b"//") {
            let end = at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            found.push((at..end, false));
            end
        } else if rest.starts_with(b"/*") {
            let end = block_comment(bytes, at);
            found.push((at..end, false));
            end
        } else if let Some(hashes) = raw_string(rest).filter(|_| !identifier_before) {
            let quote = at + rest.iter().position(|byte| *byte == b'"').unwrap_or(0);
            let closing = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
            let inside = bytes[quote + 1..].windows(closing.len()).position(|part| part == closing);
            let end = quote + 1 + inside.unwrap_or(bytes.len() - quote - 1);
            found.push((quote + 1..end, true));
            end + closing.len()
        } else if rest[0] == b'"' {
            let end = quoted(bytes, at, b'"');
            found.push((at + 1..end, true));
            end + 1
        } else if rest[0] == b'\'' && is_character(rest) {
            let end = quoted(bytes, at, b'\'');
            found.push((at + 1..end, true));
            end + 1
        } else {
            at + 1
        };
        at = end;
    }
    found
}

/// The number of hashes where `r"`, `br#"`, `cr##"` .. begins.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let prefix = [b"r".as_slice(), b"br", b"cr"].into_iter().find(|prefix| rest.starts_with(prefix))?;
    let hashes = rest[prefix.len()..].iter().take_while(|byte| **byte == b'#').count();
    (rest.get(prefix.len() + hashes) == Some(&b'"')).then_some(hashes)
}

/// Whether a quote begins a character, as against a lifetime: `'a'`, `'\n'`, `'ä'`.
fn is_character(rest: &[u8]) -> bool {
    match rest.get(1) {
        Some(b'\\') => true,
        Some(first) if first.is_ascii() => rest.get(2) == Some(&b'\''),
        Some(_) => true,
        None => false,
    }
}

/// The offset of the quote that ends what begins at `at`.
fn quoted(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != quote {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    end.min(bytes.len())
}

fn block_comment(bytes: &[u8], at: usize) -> usize {
    let (mut end, mut depth) = (at, 0_usize);
    while end < bytes.len() {
        match &bytes[end..] {
            [b'/', b'*', ..] => (depth, end) = (depth + 1, end + 2),
            [b'*', b'/', ..] => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
        if depth == 0 {
            return end;
        }
    }
    bytes.len()
}

/// The items under `#[cfg(test)]` and `#[cfg(all(test, ..))]`, attribute included.
fn tests(bare: &[u8]) -> Vec<std::ops::Range<usize>> {
    let text = String::from_utf8_lossy(bare);
    let mut found = Vec::new();
    for start in ["#[cfg(test)]", "#[cfg(all(test,"] {
        for (at, _) in text.match_indices(start) {
            let item = past_attributes(&text, close(&text, at + 1));
            let body = text[item..].find(['{', ';']).map_or(text.len(), |offset| item + offset);
            let end = if text[body..].starts_with('{') { close(&text, body) } else { (body + 1).min(text.len()) };
            found.push(at..end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Source, line, words};

    #[track_caller]
    fn check(text: &str, code: &str, bare: &str) {
        let source = Source::new(text);
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeeze(&source.code), code);
        assert_eq!(squeeze(&source.bare), bare);
        assert_eq!((source.code.len(), source.bare.len()), (text.len(), text.len()));
    }

    #[test]
    fn comments_go_and_strings_stay_in_code_alone() {
        check("a // b\n/* c /* d */ e */ f(\"g // h\") /// i", "a f(\"g // h\")", "a f(\" \")");
    }

    #[test]
    fn raw_strings_characters_and_lifetimes_are_told_apart() {
        check(
            "x(r#\"a\"b\"#, '\"', 'c', '\\'') <'d, 'e>",
            "x(r#\"a\"b\"#, '\"', 'c', '\\'') <'d, 'e>",
            "x(r#\" \"#, ' ', ' ', ' ') <'d, 'e>",
        );
        check("var\"a\" b'\"' c", "var\"a\" b'\"' c", "var\" \" b' ' c");
    }

    #[test]
    fn test_items_go_with_their_attributes() {
        check("a; #[cfg(test)]\n#[x] mod tests { b { c } }\nd #[cfg(test)] use e; f", "a; d f", "a; d f");
        check("#[cfg(all(test, feature = \"x\"))] mod t { a } b", "b", "b");
    }

    #[test]
    fn words_are_whole_and_lines_count_from_one() {
        let text = "ab a\nba a";
        assert_eq!(words(text, "a").map(|at| (at, line(text, at))).collect::<Vec<_>>(), [(3, 1), (8, 2)]);
    }
}
