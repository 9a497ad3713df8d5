const _: () = {
    use ::aludel::__private as __a;
    #[automatically_derived]
    impl __a::Model for Post {
        type Key = <i64 as __a::KeyField>::Key;
        type Bind = __a::Main;
        const META: &'static __a::Meta = &__a::Meta::new(
                "Post",
                "posts",
                &[
                    <i64 as __a::Field>::META.at("id", 1).key(true),
                    <Fk<User> as __a::Field>::META.at("author_id", 1),
                    <String as __a::Field>::META.at("title", 1).unique(true).length(200),
                    <i32 as __a::Field>::META
                        .at("likes", 1)
                        .default(
                            __a::Default::Literal(|| __a::literal(
                                &<Self as __a::Model>::__blank().likes,
                            )),
                        ),
                    <DateTime<Utc> as __a::Field>::META
                        .at("created_at", 1)
                        .default(__a::Default::Now),
                ],
                <Self as __a::Model>::__layout,
            )
            .at(::core::module_path!(), ::core::file!(), 1);
        fn __layout() -> &'static __a::Layout {
            static LAYOUT: __a::OnceLock<__a::Layout> = __a::OnceLock::new();
            LAYOUT.get_or_init(|| __a::Layout::new(<Self as __a::Model>::META))
        }
        #[inline]
        fn __read(cells: &mut __a::Cells<'_>) -> __a::Result<Self> {
            __a::Ok(Self {
                id: <i64 as __a::Field>::read(cells)?,
                author_id: <Fk<User> as __a::Field>::read(cells)?,
                title: <String as __a::Field>::read(cells)?,
                likes: <i32 as __a::Field>::read(cells)?,
                created_at: <DateTime<Utc> as __a::Field>::read(cells)?,
            })
        }
        fn __blank() -> Self {
            Self {
                id: <i64 as __a::Field>::blank(),
                author_id: <Fk<User> as __a::Field>::blank(),
                title: <String as __a::Field>::blank(),
                likes: __a::assign(0),
                created_at: <DateTime<Utc> as __a::Field>::blank(),
            }
        }
        fn __slot(&self, index: usize) -> &dyn __a::Slot {
            match index {
                0 => <i64 as __a::Field>::__slot(&self.id),
                1 => <Fk<User> as __a::Field>::__slot(&self.author_id),
                2 => <String as __a::Field>::__slot(&self.title),
                3 => <i32 as __a::Field>::__slot(&self.likes),
                4 => <DateTime<Utc> as __a::Field>::__slot(&self.created_at),
                _ => __a::no_slot(index),
            }
        }
        fn __slot_mut(&mut self, index: usize) -> &mut dyn __a::Slot {
            match index {
                0 => <i64 as __a::Field>::__slot_mut(&mut self.id),
                1 => <Fk<User> as __a::Field>::__slot_mut(&mut self.author_id),
                2 => <String as __a::Field>::__slot_mut(&mut self.title),
                3 => <i32 as __a::Field>::__slot_mut(&mut self.likes),
                4 => <DateTime<Utc> as __a::Field>::__slot_mut(&mut self.created_at),
                _ => __a::no_slot(index),
            }
        }
        fn __key(&self) -> __a::Option<<i64 as __a::KeyField>::Key> {
            <i64 as __a::KeyField>::key(&self.id)
        }
    }
    #[automatically_derived]
    impl __a::Record for Post {
        fn __record(cells: &mut __a::Cells<'_>) -> __a::Result<Self> {
            <Self as __a::Model>::__read(cells)
        }
    }
    #[allow(dead_code, missing_docs, unreachable_pub)]
    impl Post {
        pub const ID: __a::Column<Post, i64> = __a::Column::new(0);
        pub const AUTHOR_ID: __a::Column<Post, Fk<User>> = __a::Column::new(1);
        pub const AUTHOR: __a::ToOne<Post, User> = __a::ToOne::new(1);
        pub const TITLE: __a::Column<Post, String> = __a::Column::new(2);
        pub const LIKES: __a::Column<Post, i32> = __a::Column::new(3);
        pub const CREATED_AT: __a::Column<Post, DateTime<Utc>> = __a::Column::new(4);
    }
    #[allow(dead_code, missing_docs, unreachable_pub)]
    impl User {
        pub const POSTS: __a::ToMany<User, Post> = __a::ToMany::new(1);
    }
    #[__a::linkme::distributed_slice(__a::MODELS)]
    #[linkme(crate = ::aludel::__private::linkme)]
    static ELEMENT: fn() -> &'static __a::Meta = || <Post as __a::Model>::META;
};
