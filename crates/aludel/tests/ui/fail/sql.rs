fn main() {
    let _ = aludel::sql!();
    let _ = aludel::sql!("select {}");
    let _ = aludel::sql!("select {1 +}");
    let _ = aludel::sql!("select }");
    let _ = aludel::sql!("select {id}", 1);
}
