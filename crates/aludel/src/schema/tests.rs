use super::{Op, Schema};
use crate::value::random::Random;

#[test]
fn what_an_operation_does_its_reverse_undoes() {
    let mut random = Random::new(7);
    let (mut reversed, mut refused) = (0, 0);
    for _ in 0..Random::cases(400) {
        let mut schema = random.schema();
        for _ in 0..25 {
            let op = random.op(&schema);
            let before = schema.clone();
            if op.apply(&mut schema).is_err() {
                assert_eq!(schema, before, "{}", op.print());
                refused += 1;
                continue;
            }
            let Some(back) = op.reverse(&before) else { continue };
            let mut again = schema.clone();
            for op in &back {
                op.apply(&mut again).unwrap_or_else(|problem| panic!("{problem}: {}", op.print()));
            }
            assert_eq!(again, before, "{}", op.print());
            reversed += 1;
        }
    }
    assert!(reversed > 3 * refused, "{reversed} reversed, {refused} refused");
}

#[test]
fn operations_that_make_a_schema_make_it_and_those_that_drop_it_leave_nothing() {
    let mut random = Random::new(8);
    for _ in 0..Random::cases(400) {
        let schema = random.schema();
        let mut made = Schema::default();
        let run = |ops: Vec<Op>, schema: &mut Schema| {
            for op in ops {
                op.apply(schema).unwrap_or_else(|problem| panic!("{problem}: {}", op.print()));
            }
        };
        run(schema.create_ops(), &mut made);
        assert_eq!(made, schema);
        run(schema.drop_ops(), &mut made);
        assert_eq!(made, Schema::default());
        assert!(made.names.0.is_empty());
    }
}
