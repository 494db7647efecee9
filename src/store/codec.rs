//! How domain values are stored in columns: ids as UUIDs, words as text. It is here because
//! the domain must not depend on a database.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};
use uuid::Uuid;

use crate::domain::actor::{Channel, Role};
use crate::domain::alarm::ComponentKind;
use crate::domain::code::CodePurpose;
use crate::domain::correction::CorrectionKind;
use crate::domain::draw_state::DrawState;
use crate::domain::entry::{CloseReason, ConvocationState, EntryState};
use crate::domain::helper::HelperKind;
use crate::domain::holidays::Territory;
use crate::domain::identity::{KeyKind, Proof};
use crate::domain::ids::{
    ApplicantId, AuditId, ConvocationId, DeskId, DrawId, EntryId, NoticeId, PrefectureId, ProcedureId,
    QueueId, SiteId, SlotId, StaffId,
};
use crate::domain::near::LooseKind;
use crate::domain::notice::{NoticeKind, NoticeState, Way};
use crate::domain::penalty::{PenaltyReason, PenaltyState};
use crate::domain::reading::ReadingPurpose;
use crate::domain::register_of_numbers::RegisterCheck;
use crate::domain::slot::SlotState;
use crate::domain::staff::{LinkKind, SessionStage};
use crate::domain::tick::Tick;

macro_rules! as_uuid {
    ($($name:ident),+ $(,)?) => {$(
        impl<DB: Database> Type<DB> for $name where Uuid: Type<DB> {
            fn type_info() -> DB::TypeInfo { Uuid::type_info() }
            fn compatible(info: &DB::TypeInfo) -> bool { Uuid::compatible(info) }
        }
        impl<'q, DB: Database> Encode<'q, DB> for $name where Uuid: Encode<'q, DB> {
            fn encode_by_ref(&self, buf: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.0.encode_by_ref(buf)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $name where Uuid: Decode<'r, DB> {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Uuid::decode(value).map(Self)
            }
        }
    )+};
}

macro_rules! as_text {
    ($($name:ident),+ $(,)?) => {$(
        impl<DB: Database> Type<DB> for $name where String: Type<DB> {
            fn type_info() -> DB::TypeInfo { String::type_info() }
            fn compatible(info: &DB::TypeInfo) -> bool { String::compatible(info) }
        }
        impl<'q, DB: Database> Encode<'q, DB> for $name where String: Encode<'q, DB> {
            fn encode_by_ref(&self, buf: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.as_str().to_owned().encode(buf)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $name where String: Decode<'r, DB> {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(String::decode(value)?.parse()?)
            }
        }
    )+};
}

as_uuid! {
    ApplicantId, AuditId, ConvocationId, DeskId, DrawId, EntryId, NoticeId, PrefectureId, ProcedureId,
    QueueId, SiteId, SlotId, StaffId,
}
as_text! {
    Channel, CloseReason, CodePurpose, ComponentKind, ConvocationState, CorrectionKind, DrawState, EntryState, HelperKind, KeyKind, LinkKind, LooseKind, NoticeKind,
    NoticeState, PenaltyReason, PenaltyState, Proof, ReadingPurpose, RegisterCheck, Role, SessionStage, SlotState, Territory, Tick, Way,
}
