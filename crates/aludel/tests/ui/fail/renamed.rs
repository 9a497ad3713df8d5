use aludel::prelude::*;

#[derive(Enum)]
enum Mood {
    #[column(renamed_from = "fine")]
    Happy,
    #[column(renamed_from = "fine")]
    Glad,
    #[column(renamed_from = "sad")]
    Sad,
    #[column(rename = "so so", renamed_from = "so so")]
    Middling,
    #[column(renamed_from = 3)]
    Odd,
    #[column(renamd_from = "blue")]
    Blue,
    #[column(renamed_from)]
    Grim,
    #[column(renamed_from = "a", renamed_from = "b")]
    Twice,
}

#[derive(Enum)]
#[column(renamed_from = "temper")]
enum Temper {
    Hot,
}

fn main() {}
