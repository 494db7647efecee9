//! What an outsider finds at the public addresses of the log: enough to check it with their own program,
//! which is written here in a few lines.

use passage::journal::{Head, LogKey};
use passage::store::records::{DrawState, audit_leaf};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::common::{TestApp, on_both};
use crate::place::push;
use crate::web::get;
use crate::{furnished, until};

async fn json(app: &TestApp, path: &str) -> Value {
    let answer = get(&app.app, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    Sha256::digest(parts.concat()).to_vec()
}

fn hashes(list: &Value) -> Vec<Vec<u8>> {
    list.as_array().unwrap().iter().map(|hash| hex::decode(hash.as_str().unwrap()).unwrap()).collect()
}

/// RFC 9162 §2.1.3.2, from the published row.
fn climb(row: &str, index: u64, size: u64, proof: &[Vec<u8>]) -> Vec<u8> {
    let (mut at, mut last, mut hash) = (index, size - 1, sha256(&[&[0], row.as_bytes()]));
    for sibling in proof {
        if at % 2 == 1 || at == last {
            hash = sha256(&[&[1], sibling, &hash]);
            while at % 2 == 0 && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            hash = sha256(&[&[1], &hash, sibling]);
        }
        (at, last) = (at / 2, last / 2);
    }
    hash
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_finds_a_freeze_in_the_signed_log() {
    on_both(async |app: TestApp| {
        furnished(&app).await;
        let frozen = until(&app, DrawState::Frozen).await;
        app.register(app.first, 60).await;
        app.tick().await;
        let head = json(&app, "/journal/tete.json").await;
        let key: LogKey = head["key"].as_str().unwrap().parse().unwrap();
        let note = get(&app.app, "/journal/tete.txt").await.body;
        assert_eq!(head["note"], note.as_str());
        let opened = Head::open(&note, &key).unwrap();
        let found = json(&app, &format!("/journal/tirages/{}.json", frozen.id)).await;
        assert_eq!(found["head"], note.as_str());
        let row = found["row"].as_str().unwrap();
        let (index, size) = (found["index"].as_u64().unwrap(), found["size"].as_u64().unwrap());
        assert_eq!(climb(row, index, size, &hashes(&found["proof"])), opened.root);
        let read: Value = serde_json::from_str(row).unwrap();
        assert_eq!(read["detail"]["freeze"], hex::encode(frozen.freeze_hash.as_ref().unwrap()));
        assert_eq!(read["detail"]["seed_at"], frozen.seed_at.timestamp());
        assert_eq!(read["detail"]["source"], frozen.source.0);
        // The row names nobody. It also does not count those whom the list left out, who may be few.
        let keys = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&read), ["action", "actor", "at", "detail", "id", "subject"]);
        assert_eq!(keys(&read["detail"]), ["entries", "freeze", "seed_at", "slots", "source"]);
        assert_eq!(read["actor"], "system");
        // Another program reads the same row at an earlier head.
        let earlier = json(&app, &format!("/journal/tirages/{}.json?taille={}", frozen.id, index + 1)).await;
        assert_eq!(earlier["size"], index + 1);
        assert_ne!(climb(row, index, index + 1, &hashes(&earlier["proof"])), opened.root);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_signed_head_leads_to_the_next_by_its_published_proof() {
    on_both(async |app: TestApp| {
        furnished(&app).await;
        until(&app, DrawState::Published).await;
        let heads = app.app.store.signed_heads().await.unwrap();
        assert!(heads.len() >= 3, "{}", heads.len());
        for pair in heads.windows(2) {
            let (old, new) = (&pair[0], &pair[1]);
            let path = format!("/journal/coherence.json?de={}&a={}", old.size, new.size);
            let proof: Vec<[u8; 32]> = hashes(&json(&app, &path).await["consistency"])
                .into_iter()
                .map(|hash| hash.try_into().unwrap())
                .collect();
            let [before, after]: [[u8; 32]; 2] =
                [&old.root, &new.root].map(|root| root.as_slice().try_into().unwrap());
            let sizes = (old.size.cast_unsigned(), new.size.cast_unsigned());
            assert!(passage::draw::merkle::verify_consistency(sizes.0, sizes.1, &proof, &before, &after));
        }
    })
    .await;
}

/// Bytes as SQL of this database.
fn bytes(app: &TestApp, bytes: &[u8]) -> String {
    let hex = hex::encode(bytes);
    if app.is_pg() { format!("'\\x{hex}'") } else { format!("X'{hex}'") }
}

fn id(app: &TestApp, n: u32) -> (uuid::Uuid, String) {
    let id = uuid::Uuid::from_u128(n.into());
    (id, if app.is_pg() { format!("'{id}'") } else { bytes(app, id.as_bytes()) })
}

/// Writes rows of freezes that never took place, still without a position in the log.
pub async fn write_freezes(app: &TestApp, count: u32, detail: &Value) {
    let at = app.now();
    let row = |n: u32| {
        let (id, sql_id) = id(app, n);
        let subject = format!("draw:{id}");
        let leaf = audit_leaf(id.into(), at, "system", "draw.frozen", &subject, detail);
        let (leaf, at) = (bytes(app, &leaf), at.to_rfc3339());
        format!("({sql_id}, '{at}', 'system', 'draw.frozen', '{subject}', '{detail}', {leaf})")
    };
    let rows: Vec<String> = (0..count).map(row).collect();
    let columns = "(id, at, actor, action, subject, detail, leaf)";
    app.raw(&format!("INSERT INTO audit {columns} VALUES {}", rows.join(","))).await;
}

/// Longer than a block of rows, so that proofs use both cached blocks and rows.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_log_gives_the_same_proofs_as_a_tree_in_memory() {
    on_both(async |app: TestApp| {
        use passage::draw::merkle::{Tree, leaf_hash};
        use passage::flow::journal;
        let mut tree = Tree::default();
        let mut values = Vec::new();
        for n in 0..1100_u32 {
            let leaf = leaf_hash(&n.to_be_bytes());
            tree.append(leaf);
            let ((_, id), leaf) = (id(&app, n), bytes(&app, &leaf));
            let at = "2027-01-08T08:00:00+00:00";
            values.push(format!("({id}, '{at}', 'system', 'x', 'x', '{{}}', {leaf}, {n})"));
        }
        app.raw("UPDATE audit SET position = NULL").await;
        app.raw("DELETE FROM audit").await;
        let columns = "(id, at, actor, action, subject, detail, leaf, position)";
        app.raw(&format!("INSERT INTO audit {columns} VALUES {}", values.join(","))).await;
        let root = bytes(&app, &[0]);
        app.raw(&format!("INSERT INTO signed_head VALUES (1100, {root}, 'x', '2027-01-08T08:00:00+00:00')"))
            .await;
        for (old, new) in
            [(1, 1100), (255, 256), (256, 1100), (257, 513), (512, 1024), (700, 1099), (1024, 1100)]
        {
            let proof = journal::consistency(&app.app, old, new).await.unwrap().unwrap();
            let proof: Vec<[u8; 32]> = proof.into_iter().map(|hash| hash.0).collect();
            let [old, new] = [old, new].map(|size| usize::try_from(size).unwrap());
            assert_eq!(Some(proof), tree.consistency(old, new), "{old} to {new}");
            assert_eq!(Some(journal::root_at(&app.app, new).await.unwrap()), tree.root_at(new));
        }
        for (old, new) in [(-1, 5), (6, 5), (5, 1101), (i64::MIN, i64::MAX)] {
            assert_eq!(journal::consistency(&app.app, old, new).await.unwrap(), None);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_the_signed_log_is_not_found() {
    on_both(async |app: TestApp| {
        assert_eq!(get(&app.app, "/journal/tete.txt").await.status, 404);
        get(&app.app, "/journal").await.assert_says("Rien n&#39;est encore signé");
        furnished(&app).await;
        app.tick().await;
        push(&app).await;
        let announced = crate::draw(&app).await;
        for path in [
            format!("/journal/tirages/{}.json", announced.id),
            format!("/journal/tirages/{}", announced.id),
            "/journal/tirages/x.json".to_owned(),
            "/journal/coherence.json?de=0&a=1000000".to_owned(),
            "/journal/coherence.json?de=5&a=4".to_owned(),
            "/journal/coherence.json?de=-1&a=4".to_owned(),
        ] {
            assert_eq!(get(&app.app, &path).await.status, 404, "{path}");
        }
        assert_eq!(get(&app.app, "/journal/coherence.json?de=x&a=4").await.status, 400);
        let page = get(&app.app, "/journal").await;
        page.assert_says("Aucun témoin ne suit encore ce journal");
        page.assert_says(&passage::flow::journal::key(&app.app).unwrap().to_string());
    })
    .await;
}
