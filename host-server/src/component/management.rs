//! The calls of a session that look after certificates and trust stores: plans, and what a host signs for them. What a
//! plan asks for is applied elsewhere.

use super::bindings::exports::assayer::engine::management::{
    Advice, BulkDirectory, BulkStep, BulkWork, Cluster, Effect, Features, IdentityPurpose, Keys, NodeRole,
    Offered, Operation, Particulars, Place, Plan, Product, TrustStore,
};
use super::session::{Answer, Session, Validator};

impl Session {
    /// What an operation asked for at a moment would do, under the settings of a validator.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn plan(
        &mut self,
        validator: &Validator,
        cluster: &Cluster,
        operation: &Operation,
        at: i64,
    ) -> Answer<Plan> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_plan(store, resource, cluster, operation, at)
        })
    }

    /// What has to be restarted after the document of a validator was saved.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn restart_advice(&mut self, validator: &Validator, cluster: &Cluster) -> Answer<Vec<Advice>> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_restart_advice(store, resource, cluster)
        })
    }

    /// The settings of a node as a complete policy document: the validator's, and over them the node's own document, where
    /// a node of its role may have one in this release.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn node_policy(
        &mut self,
        validator: &Validator,
        own: &str,
        (release, role): (&str, NodeRole),
    ) -> Answer<String> {
        let resource = self.own(validator)?;
        self.call(|world, store| {
            world.assayer_engine_evaluate().validator().call_node_policy(store, resource, own, release, role)
        })
    }

    /// The purposes and trust stores of a product in a release, and those of a policy document.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn catalogue(
        &mut self,
        policy: &str,
        product: Product,
        release: &str,
        features: Features,
    ) -> Answer<(Vec<IdentityPurpose>, Vec<TrustStore>)> {
        self.call(|world, store| {
            world.assayer_engine_management().call_catalogue(store, policy, product, release, features)
        })
    }

    /// The services to restart so that no connection lives on that rests on certificates in these places.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn restarts(&mut self, policy: &str, cluster: &Cluster, places: &[Place]) -> Answer<Vec<Advice>> {
        self.call(|world, store| {
            world.assayer_engine_management().call_restarts(store, policy, cluster, places)
        })
    }

    /// What a step of moving phones between clusters does now.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn bulk(
        &mut self,
        step: BulkStep,
        cluster: &str,
        directory: &BulkDirectory,
        emcc: bool,
    ) -> Answer<BulkWork> {
        self.call(|world, store| {
            world.assayer_engine_management().call_bulk(store, step, cluster, directory, emcc)
        })
    }

    /// What a certificate (DER) is indexed by.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn index_keys(&mut self, certificate: &[u8]) -> Answer<Keys> {
        self.call(|world, store| world.assayer_engine_management().call_index_keys(store, certificate))
    }

    /// SHA-256 of a certificate's public key.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn public_key_fingerprint(&mut self, certificate: &[u8]) -> Answer<Vec<u8>> {
        self.call(|world, store| {
            world.assayer_engine_management().call_public_key_fingerprint(store, certificate)
        })
    }

    /// What the form of a request shows for a purpose and a node, or for many servers.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn offer_for_request(
        &mut self,
        policy: &str,
        cluster: &Cluster,
        purpose: &str,
        node: Option<&str>,
    ) -> Answer<Offered> {
        self.call(|world, store| {
            world.assayer_engine_management().call_offer(store, policy, cluster, purpose, node, false)
        })
    }

    /// What the form of a self-signed certificate shows for a purpose and a node, or for many servers.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn offer_for_self_signed(
        &mut self,
        policy: &str,
        cluster: &Cluster,
        purpose: &str,
        node: Option<&str>,
    ) -> Answer<Offered> {
        self.call(|world, store| {
            world.assayer_engine_management().call_offer(store, policy, cluster, purpose, node, true)
        })
    }

    /// The octets to be signed for an item that an operation planned, from 0.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn to_be_signed(
        &mut self,
        policy: &str,
        (cluster, operation): (&Cluster, &Operation),
        number: u32,
        particulars: &Particulars,
    ) -> Answer<Vec<u8>> {
        self.call(|world, store| {
            let management = world.assayer_engine_management();
            management.call_to_be_signed(store, policy, cluster, operation, number, particulars)
        })
    }

    /// Puts signed octets and their signature together: a request or certificate in DER.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn assemble(&mut self, to_be_signed: &[u8], algorithm: &str, signature: &[u8]) -> Answer<Vec<u8>> {
        self.call(|world, store| {
            world.assayer_engine_management().call_assemble(store, to_be_signed, algorithm, signature)
        })
    }

    /// Where a self-signed certificate (DER) goes that was made for a planned item.
    ///
    /// # Errors
    /// [`Fault`](super::Fault).
    pub fn place_self_signed(
        &mut self,
        policy: &str,
        (cluster, operation): (&Cluster, &Operation),
        number: u32,
        certificate: &[u8],
    ) -> Answer<Vec<Effect>> {
        self.call(|world, store| {
            let management = world.assayer_engine_management();
            management.call_place_self_signed(store, policy, cluster, operation, number, certificate)
        })
    }
}
