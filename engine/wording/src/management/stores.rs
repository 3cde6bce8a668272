//! Wording of uploads, replacement, deletion, replication, completeness, reuse and upgrades: which certificate, what
//! was found, and what would be accepted.

use crate::template::{Row, rows};

/// The wording of every code about stores.
pub const ROWS: &[Row] = rows! {
    // Any operation
    "management.purpose-unknown", "Unknown purpose or trust store",
        "There is no purpose or trust store \"{found}\" here; there are: {accepted}";
    "management.node-unknown", "Unknown node",
        "There is no node \"{found}\" in the cluster; there are: {accepted}";
    "management.publisher-only", "Done on the publisher only",
        "\"{place}\" is changed on the publisher only, which is {accepted}; you are on {found}";
    // Uploads
    "upload.empty", "Nothing to upload",
        "The upload holds no certificate";
    "upload.too-much", "Too much in one upload",
        "The upload needs more work than is done at once: at most {accepted}[ signatures or certificates, and there are {found}][ (limit \"{limit}\")]; upload it in parts, the root first";
    "upload.key-too-large", "Key is too long",
        "The RSA key has {bits} bits; at most {accepted} are supported";
    "upload.manufacturer-root", "Root of the phones' manufacturer",
        "With this root in {place}, every phone ever made by its owner would be believed there; phones ask for certificates of the cluster through {accepted}, so keep it there alone";
    "upload.wildcard", "Wildcards are not supported",
        "The certificate is for a wildcard[ in its common name, \"{commonName}\"][ among its DNS names: {dNSName}]; every server must be named";
    "upload.expired", "Certificate has expired",
        "The certificate is valid from {notBefore} to {notAfter}, and it is {at}; upload one that is valid";
    "upload.not-yet-valid", "Certificate not yet valid",
        "The certificate is valid only from {notBefore}, and it is {at}; where it is to go, nothing may wait for its validity";
    "upload.inactive", "Certificate waits until valid",
        "The certificate is valid only from {notBefore}, and it is {at}; it is stored and not used before";
    "upload.duplicate", "Certificate given twice",
        "The certificate is the same as number {first} of the upload, counted from 0; it is stored once";
    "upload.entity-twice", "Two certificates of one entity",
        "The upload holds two different certificates of \"{subject}\", this one and number {first}, counted from 0; a trust store holds one for each subject, whatever it is signed with, so upload the one that is meant";
    "upload.unchanged", "Certificate is there already",
        "This very certificate is in \"{place}\" already; nothing is replaced";
    "upload.issuer-missing", "Issuer must come first",
        "\"{subject}\" was issued by \"{issuer}\", which is neither in \"{place}\" nor in the upload; upload the root first, then what it issued";
    "upload.signature", "Issuer did not sign it",
        "There is a certificate of the issuer \"{issuer}\", but it does not vouch for \"{subject}\"[ ({because})]; upload the certificate of the authority that really issued it";
    "upload.self-signature", "Root not signed by itself",
        "\"{subject}\" is issued in its own name, but its own key did not sign it[ ({because})]; get it again from the authority";
    "upload.end-entity", "Not a certificate authority",
        "The certificate does not belong to an authority: in \"{place}\" it is trusted by itself, as a peer's is; a certificate for this server goes to the purpose itself[: {purpose}]";
    "upload.mixed-mode-key", "Key long for some phones",
        "The RSA key has {bits} bits, and in mixed mode some phones do not accept that; use a key of at most {accepted} bits, or self-signed certificates";
    "upload.deleted-before", "Certificate was deleted before",
        "\"{subject}\" was deleted from \"{place}\"[ on {node}], or replaced there, before; confirm that you want it back";
    "upload.revived", "Deleted certificate comes back",
        "\"{subject}\" was deleted from \"{place}\"[ on {node}], or replaced there, before, and is brought back";
    "upload.copied", "Copied to another store",
        "The certificate is put into \"{place}\" as well, so that phones which it vouches for can register";
    "upload.root-on-subscriber", "Root has no use here",
        "The root is put into \"{place}\" of {found} and stays there; certificates for phones are issued on the publisher, {accepted}, so upload it there";
    // Identity certificates
    "identity.authorities-only", "No certificate for the server",
        "The upload holds certificates of authorities only, and \"{found}\" takes the certificate of the server itself; authorities go to \"{accepted}\"";
    "identity.several", "Several certificates for one purpose",
        "The upload holds {found} certificates that could be meant, among them \"{subject}\"; give exactly {accepted}, with its authorities";
    "identity.key-type", "Wrong kind of key",
        "The key of the certificate is {found}, and the purpose takes keys of the kind {accepted}[; for this key there is \"{purpose}\"]";
    "identity.not-requested", "Nobody requested this certificate",
        "No pending request of \"{purpose}\" has the key of this certificate ({key}); pending here: {pending}; upload the certificate that was issued for the latest request, on the node that made it";
    "identity.multi-server", "Not for many servers",
        "\"{found}\" takes a certificate for one server only; those for many servers are for: {accepted}";
    "identity.multi-server-publisher", "Upload on the publisher",
        "A certificate for many servers is uploaded on the publisher, {accepted}, and goes from there to all nodes; you are on {found}";
    "identity.issuer-missing", "Issuing authority not trusted",
        "The authority that issued the certificate, \"{issuer}\", is not usable in \"{place}\" of {node}[ ({because})]; upload it there first, or together with the certificate";
    "identity.chain-incomplete", "Chain of authorities incomplete",
        "The authority \"{issuer}\" further up is not usable in \"{place}\" of {node}[ ({because})]; upload every authority up to the root";
    // Replacement
    "replacement.replaces", "Older certificate is replaced",
        "The certificate of \"{subject}\" in \"{place}\" (serial number {existingSerialNumber}, from {existingNotBefore}, {existingAlgorithm}) is replaced by this one (serial number {serialNumber}, from {notBefore}, {algorithm})";
    "replacement.serial-collision", "Serial number used twice",
        "\"{place}\" holds another certificate of \"{subject}\" with the same serial number, {serialNumber}; a sound authority never does that, so ask it for a new one";
    "replacement.not-newer", "Certificate is not newer",
        "\"{place}\" holds a certificate of \"{subject}\" (serial number {existingSerialNumber}) that is valid from {existingNotBefore}; this one (serial number {serialNumber}) is valid from {notBefore}, and only a later one replaces it";
    "replacement.naming", "Name the new one apart",
        "A new authority called \"{found}\" cannot stand beside the old one; have it issued under a name of its own, such as {accepted}";
    "replacement.common-name", "Same common name, other subject",
        "\"{place}\" also holds \"{existing}\", which has the same common name as \"{subject}\" and is another entity; make sure that both are meant";
    "replacement.gap", "Nothing in use until then",
        "The certificate of \"{subject}\" in use is replaced by one that is valid only from {notBefore}; until then there is none";
    "replacement.breaks-chain", "Issued with the old key",
        "\"{subject}\" in \"{place}\"[ on {node}] was signed with the old key of \"{issuer}\" and not with the new one[ ({because})]; it will not be trusted until it is issued anew";
    // Deletion
    "deletion.identity", "Identity cannot be deleted",
        "\"{place}\" holds a certificate of the server itself, and only trusted certificates can be deleted; replace it instead";
    "deletion.self-signed", "Own certificate cannot be deleted",
        "The certificate in \"{place}\" was made and signed by this system and cannot be deleted; regenerate it, or replace it by one of an authority";
    "deletion.absent", "Certificate is not there",
        "The certificate is not in \"{place}\", so there is nothing to delete";
    "deletion.breaks-chain", "Chain would be broken",
        "\"{subject}\" in \"{place}\"[ on {node}] is trusted only through \"{issuer}\", and would be trusted no more";
    "deletion.identity-copy", "Copy of a server's certificate",
        "The certificate is the one in use for \"{purpose}\"[ on {node}]; without its copy in \"{place}\" other servers may not believe it";
    "deletion.responder", "Trusted to answer about revocation",
        "\"{subject}\" in \"{place}\" may sign answers about revocation; without it such answers may not be believed";
    // Replication
    "replication.deleted", "Deleted while node was away",
        "\"{subject}\" in \"{place}\" of {node} was deleted before, and is deleted there too";
    "replication.received", "Node receives a certificate",
        "\"{subject}\" is put into \"{place}\" of {node}, as the other nodes have it";
    "replication.foreign", "Not known to the cluster",
        "\"{subject}\" in \"{place}\" of {node} is not what the other nodes have, and is taken out there; upload it on the publisher if it is wanted";
    // Completeness
    "completeness.identity", "No certificate for a purpose",
        "{node} has no certificate for \"{place}\"";
    "completeness.issuer", "Authorities are missing",
        "\"{place}\" of {node} lacks the authority \"{issuer}\", which the certificate for \"{purpose}\" there rests on";
    "completeness.copy", "Phones' authority is missing",
        "\"{place}\" of {node} does not hold the certificate for \"{purpose}\", so phones that it vouches for cannot register there";
    "exchange.differs", "Copy is out of date",
        "{node} holds a certificate of {from} for \"{purpose}\" that is not the one in use there[ (it holds {found})]; download it from {from} and upload it again";
    "exchange.absent", "Copy is missing",
        "{node} has no copy of the certificate of {from} for \"{purpose}\"; if it does not come by itself, download it from {from} and upload it";
    // Nodes that leave, and roles
    "leaving.publisher", "Publisher cannot leave",
        "{found} is the publisher, from which everything is managed, and a cluster is never without one[; make another node the publisher first: {accepted}]";
    "leaving.certificate", "Certificate goes with node",
        "\"{subject}\" in \"{place}\" lies on {node} alone and goes with it; have it revoked where its key might be used elsewhere";
    "leaving.copy", "Leaving node still believed",
        "\"{subject}\", a certificate of the node that leaves, stays in \"{place}\"[ on {node}]; delete it there unless it is to be believed on";
    "role.publisher-needed", "There must be a publisher",
        "{found} is the publisher, and there is exactly one at any time[; make another node the publisher instead: {accepted}]";
    "role.unchanged", "Node has this role",
        "{found} is the {role} already; nothing is changed";
    "role.left-behind", "Not on the new publisher",
        "\"{subject}\" in \"{place}\" lies on {node} alone, and only a publisher has a use for it; upload it on {accepted}";
    // Reuse
    "reuse.release", "Release cannot reuse certificates",
        "This is {found}; certificates are reused from {accepted} on";
    "reuse.pair", "Purposes do not go together",
        "\"{to}\" cannot take over the certificate of \"{from}\"; what can be taken over: {accepted}";
    "reuse.absent", "Nothing to reuse",
        "There is no certificate for \"{from}\" on the first node";
    "reuse.not-multi-server", "Not for many servers",
        "The certificate for \"{from}\" is not one that all nodes share and that names several servers: it names {found}, and at least {accepted} are needed";
    "reuse.node-not-named", "Node not in the certificate",
        "The certificate does not name the node {node}";
    "reuse.validity", "Certificate is not valid",
        "The certificate is valid from {notBefore} to {notAfter}, and it is {at}";
    "reuse.issuer-missing", "Authority missing for second purpose",
        "The authority \"{issuer}\" is not in \"{place}\" of {node}; upload it there too";
    // Upgrade
    "upgrade.expired", "Expired certificate left behind",
        "\"{subject}\" in \"{place}\"[ of {node}] expired on {notAfter} and is not taken along by the upgrade";
};
