//! Colours, where somebody sees them.

/// Whether there are colours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    pub(super) fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    pub(super) fn good(self, text: &str) -> String {
        self.code("32", text)
    }

    pub(super) fn warning(self, text: &str) -> String {
        self.code("33", text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.code("1;31", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A message as the compiler shows its own: `error`, places and carets stand out.
    pub(super) fn message(self, text: &str) -> String {
        if !self.0 {
            return text.to_owned();
        }
        let lines: Vec<String> = text.lines().map(|line| self.line(line)).collect();
        lines.join("\n")
    }

    fn line(self, line: &str) -> String {
        let rest = line.trim_start();
        let indent = &line[..line.len() - rest.len()];
        let blue = |text: &str| self.code("1;34", text);
        if let Some(rest) = line.strip_prefix("error: ") {
            return format!("{}{}", self.bad("error"), self.bold(&format!(": {rest}")));
        }
        if let Some(place) = rest.strip_prefix("--> ") {
            return format!("{indent}{} {place}", blue("-->"));
        }
        if let Some(help) = rest.strip_prefix("= help: ") {
            return format!("{indent}{} {}: {help}", blue("="), self.bold("help"));
        }
        let (gutter, code) = line.split_once('|').unwrap_or(("x", ""));
        if !gutter.trim().bytes().all(|byte| byte.is_ascii_digit()) {
            return line.to_owned();
        }
        let is_carets = !code.trim().is_empty() && code.trim().bytes().all(|byte| byte == b'^');
        let code = if is_carets { self.bad(code) } else { code.to_owned() };
        format!("{}{code}", blue(&format!("{gutter}|")))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn faults_are_coloured_and_stay_the_same_words() {
        let text = "error: there is no type `SERIAL`\n --> 2.sql:2:35\n  |\n2 | a | SERIAL;\n  |     ^^^^^^\n  = help: write x";
        assert_eq!(Paint(false).message(text), text);
        let shown = Paint(true).message(text).replace('\x1b', "~");
        let expected = expect![[r#"
            ~[1;31merror~[0m~[1m: there is no type `SERIAL`~[0m
             ~[1;34m-->~[0m 2.sql:2:35
            ~[1;34m  |~[0m
            ~[1;34m2 |~[0m a | SERIAL;
            ~[1;34m  |~[0m~[1;31m     ^^^^^^~[0m
              ~[1;34m=~[0m ~[1mhelp~[0m: write x"#]];
        expected.assert_eq(&shown);
        let bare: String = shown
            .split("~[")
            .map(|part| {
                part.split_once('m')
                    .filter(|(code, _)| code.bytes().all(|b| b == b';' || b.is_ascii_digit()))
                    .map_or(part, |(_, rest)| rest)
            })
            .collect();
        assert_eq!(bare, text);
    }
}
