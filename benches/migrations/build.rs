//! Writes the models: a thousand of them, as nobody would by hand.

use std::fmt::Write;

fn main() {
    let mut text = String::new();
    for number in 0..1_000 {
        let parent = number.max(1) - 1;
        write!(
            text,
            "
            #[derive(Model)]
            #[model(table = \"t{number}\", check(\"amount >= 0\", name = \"ck_t{number}_amount\"), index(state, created_at))]
            pub struct T{number} {{
                pub id: i64,
                #[column(unique, length = 80)]
                pub name: String,
                #[column(on_delete = cascade)]
                pub parent_id: Option<Fk<T{parent}>>,
                #[column(default = 0)]
                pub amount: i32,
                #[column(default = \"new\", length = 20)]
                pub state: String,
                #[column(default = now)]
                pub created_at: Timestamp,
                pub note: Option<String>,
                #[column(default = 1.5)]
                pub score: f64,
                #[column(default = true)]
                pub flag: bool,
                #[column(length = 20)]
                pub code: String,
            }}"
        )
        .expect("memory takes text");
    }
    let folder = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(format!("{folder}/models.rs"), text).expect("cargo made the folder");
    println!("cargo::rerun-if-changed=build.rs");
}
