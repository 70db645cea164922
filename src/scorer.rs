pub struct PreparedRecipient; impl PreparedRecipient { pub fn profile(&self)->&crate::Profile<'static>{unimplemented!()}}
