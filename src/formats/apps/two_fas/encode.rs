//! Writes plain-text backups that 2FAS imports on Android and on iOS, whose different rules they both meet.

use serde::Serialize;

use super::FORMAT;
use crate::formats::export::{Base32, Export, ExportLimitation, Groups, render};
use crate::otp::{Account, Kind};

/// The icon of two letters; the apps import no service without an icon
const DEFAULT_COLLECTION: &str = "a5b3fb65-4ec5-43e6-8ec1-49e24ca9e7ad";

const PERIODS: [u32; 4] = [10, 30, 60, 90];
const MAX_COUNTER: u64 = i32::MAX as u64;
const SECRET_CHARACTERS: std::ops::RangeInclusive<usize> = 4..=512;

impl Export {
    /// Returns a plain-text backup of 2FAS, written at `now` in Unix seconds.
    pub(crate) fn two_fas<'a>(accounts: impl IntoIterator<Item = &'a Account>, now: u64) -> Self {
        let now = now.saturating_mul(1000);
        let (mut services, mut groups) = (Vec::new(), Groups::default());
        let (mut left_out, mut reduced) = (Vec::new(), Vec::new());
        for account in accounts {
            if let Some(limitation) = find_obstacle(account) {
                left_out.push((account.name.clone(), limitation));
                continue;
            }
            reduced.extend(limitations(account).map(|limitation| (account.name.clone(), limitation)));
            services.push(ServiceJson::new(account, services.len(), &mut groups, now));
        }
        let group = |(id, name)| GroupJson { id, name, is_expanded: true, updated_at: now };
        let groups = groups.iter().map(group).collect();
        Self { text: render(&BackupFile::new(services, groups, now)), left_out, reduced }
    }
}

/// Returns why an app would reject the file, skip the account or show other codes.
fn find_obstacle(account: &Account) -> Option<ExportLimitation> {
    let length = account.key.secret().to_base32().len();
    match account.key.parameters().kind() {
        Kind::Totp { period } if !PERIODS.contains(&period) => Some(ExportLimitation::Period(period)),
        Kind::Hotp { counter } if counter > MAX_COUNTER => Some(ExportLimitation::Counter(counter)),
        _ if !SECRET_CHARACTERS.contains(&length) => Some(ExportLimitation::SecretLength(length)),
        _ => None,
    }
}

/// Returns the parts of an account that 2FAS cannot hold.
fn limitations(account: &Account) -> impl Iterator<Item = ExportLimitation> {
    let tags = match &account.tags[..] {
        [kept, _, ..] => Some(ExportLimitation::Tags { app: FORMAT.app, place: "group", kept: kept.clone() }),
        _ => None,
    };
    let serial = account.label.serial.is_some().then_some(ExportLimitation::Serial(FORMAT.app));
    let note = (!account.note.is_empty()).then_some(ExportLimitation::Note(FORMAT.app));
    tags.into_iter().chain(serial).chain(note)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BackupFile<'a> {
    services: Vec<ServiceJson<'a>>,
    groups: Vec<GroupJson<'a>>,
    updated_at: u64,
    schema_version: u8,
    app_version_code: u32,
    app_version_name: &'static str,
    app_origin: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupJson<'a> {
    id: &'a str,
    name: &'a str,
    is_expanded: bool,
    updated_at: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceJson<'a> {
    name: &'a str,
    secret: Base32<'a>,
    updated_at: u64,
    #[serde(rename = "serviceTypeID")]
    type_id: Option<&'a str>,
    otp: Otp<'a>,
    order: Order,
    badge: Option<&'a str>,
    icon: Icon,
    group_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Otp<'a> {
    link: Option<&'a str>,
    label: &'a str,
    account: &'a str,
    issuer: &'a str,
    digits: u8,
    period: Option<u32>,
    algorithm: &'static str,
    counter: Option<u64>,
    token_type: String,
    source: &'static str,
}

#[derive(Serialize)]
struct Order {
    position: usize,
}

#[derive(Serialize)]
struct Icon {
    selected: &'static str,
    label: IconLabel,
    #[serde(rename = "iconCollection")]
    collection: Collection,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IconLabel {
    text: String,
    background_color: &'static str,
}

#[derive(Serialize)]
struct Collection {
    id: &'static str,
}

impl<'a> BackupFile<'a> {
    fn new(services: Vec<ServiceJson<'a>>, groups: Vec<GroupJson<'a>>, updated_at: u64) -> Self {
        Self {
            services,
            groups,
            updated_at,
            schema_version: 4,
            app_version_code: 5_000_029,
            app_version_name: "5.4.9",
            app_origin: "android",
        }
    }
}

impl<'a> ServiceJson<'a> {
    fn new(account: &'a Account, position: usize, groups: &mut Groups<'a>, updated_at: u64) -> Self {
        Self {
            name: &account.label.issuer,
            secret: Base32(&account.key),
            updated_at,
            type_id: None,
            otp: Otp::new(account),
            order: Order { position },
            badge: None,
            icon: Icon::new(account.name.as_str()),
            group_id: account.tags.first().map(|tag| groups.id(tag)),
        }
    }
}

impl<'a> Otp<'a> {
    fn new(account: &'a Account) -> Self {
        let parameters = account.key.parameters();
        let counter = match parameters.kind() {
            Kind::Hotp { counter } => Some(counter),
            Kind::Totp { .. } | Kind::Steam => None,
        };
        Self {
            link: None,
            label: &account.label.account_name,
            account: &account.label.account_name,
            issuer: &account.label.issuer,
            digits: parameters.digits(),
            period: parameters.period(),
            algorithm: parameters.algorithm().as_str(),
            counter,
            token_type: parameters.kind().as_str().to_ascii_uppercase(),
            source: "Manual",
        }
    }
}

impl Icon {
    fn new(name: &str) -> Self {
        let text = name.chars().take(2).flat_map(char::to_uppercase).take(2).collect();
        Self {
            selected: "Label",
            label: IconLabel { text, background_color: "LightBlue" },
            collection: Collection { id: DEFAULT_COLLECTION },
        }
    }
}
