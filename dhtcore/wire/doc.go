// Package wire reads and writes KRPC, the message format of the Mainline DHT (BEP 5), without
// allocating.
//
// Scan takes one UDP payload apart into a Message whose slices alias the payload; AppendQuery,
// AppendReply and AppendError write one. Every package under dhtcore that meets a packet goes
// through here; nothing here keeps state, so nothing here needs a lock. What is rare enough to be
// decoded at leisure (a packet shown to a person, BEP 44 items) goes through anacrolix's krpc.Msg.
package wire
