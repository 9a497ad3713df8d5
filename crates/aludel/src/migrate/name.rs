//! What a new revision and its file are called.

/// How many letters of the message the name of a file takes at most.
const LONGEST: usize = 40;

/// The id of a new revision: twelve hexadecimal digits of `random`.
///
/// ```
/// assert_eq!(aludel::migrate::new_id(0x4f1c_2a9b_7d03), "4f1c2a9b7d03");
/// ```
pub fn new_id(random: u64) -> String {
    format!("{:012x}", random & 0xffff_ffff_ffff)
}

/// The name of the file of a revision: its id and the words of its message.
///
/// ```
/// let name = aludel::migrate::file_name("4f1c2a9b7d03", "Add shields, and swords!");
/// assert_eq!(name, "4f1c2a9b7d03_add_shields_and_swords.sql");
/// ```
pub fn file_name(id: &str, message: &str) -> String {
    let message = message.to_lowercase();
    let mut slug = String::new();
    for word in message.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let gap = usize::from(!slug.is_empty());
        let room = LONGEST.saturating_sub(slug.chars().count() + gap);
        if gap == 1 && word.chars().count() > room {
            break;
        }
        slug.extend("_".chars().take(gap));
        slug.extend(word.chars().take(room));
    }
    if slug.is_empty() { format!("{id}.sql") } else { format!("{id}_{slug}.sql") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_words() {
        for (message, name) in [
            ("add shields", "a1_add_shields.sql"),
            ("", "a1.sql"),
            ("../../etc/passwd; DROP", "a1_etc_passwd_drop.sql"),
            ("Größe ÄNDERN", "a1_größe_ändern.sql"),
            ("  it's -- done  ", "a1_it_s_done.sql"),
            (
                "split the names of people into first names and last names",
                "a1_split_the_names_of_people_into_first.sql",
            ),
            ("x23456789012345678901234567890123456789 12345", "a1_x23456789012345678901234567890123456789.sql"),
            ("x234567890123456789012345678901234567890123 5", "a1_x234567890123456789012345678901234567890.sql"),
        ] {
            assert_eq!(file_name("a1", message), name);
        }
        assert_eq!(new_id(u64::MAX), "ffffffffffff");
        assert_eq!(new_id(1), "000000000001");
    }
}
