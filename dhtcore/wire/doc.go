// Package wire reads and writes KRPC, the message format of the Mainline DHT (BEP 5), without allocation. It also
// holds what the other packages under dhtcore share about IDs and addresses: distances, address families, local
// networks, the keys of limits.
//
// Scan reads one UDP payload into a Message whose slices alias the payload; AppendQuery, AppendReply and AppendError
// write one. Every package that handles packets uses it. It keeps no state, so it needs no lock. What is rare is read
// by a second pass over the body, on demand: BEP 33 filters, and BEP 44 items, whose exact bytes count and whose
// signatures anacrolix's bep44 checks. Explain returns the fields of a packet with their meanings, for a person.
package wire
