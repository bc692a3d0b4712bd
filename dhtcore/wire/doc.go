// Package wire reads and writes KRPC, the message format of the Mainline DHT (BEP 5), without
// allocating.
//
// Scan takes one UDP payload apart into a Message whose slices alias the payload; AppendQuery,
// AppendReply and AppendError write one. Every package under dhtcore that meets a packet goes
// through here; nothing here keeps state, so nothing here needs a lock. What is rare is read by a
// second walk over the body, when somebody wants it: BEP 44 items, whose exact bytes count and whose
// signatures are checked by anacrolix's bep44, and BEP 33 filters. Explain takes a packet apart for a
// person, with what every field means.
package wire
