package wire

// Meaning is what a Field says, for a person.
type Meaning struct {
	Text  string // a sentence or two
	BEP   int    // that defines it; 0 for none
	Known bool   // false for a key that no specification has: its value may be anything
}

// place is where in a message a value stands, which decides what it means.
type place uint8

const (
	asPlain place = iota
	asMessage
	asQuery // "a"
	asReply // "r"
	asError // "e"
	asID
	asAddr
	asContacts4
	asContacts6
	asSamples
	asPeers
	asWant
	asItem // BEP 44: whatever the item is
)

// under is the place of the value that has key in a dictionary at p.
func (p place) under(key []byte) place {
	switch p {
	case asMessage:
		switch string(key) {
		case "a":
			return asQuery
		case "r":
			return asReply
		case "e":
			return asError
		case "ip":
			return asAddr
		}
	case asQuery, asReply:
		switch string(key) {
		case "id", "target", "info_hash":
			return asID
		case "nodes":
			return asContacts4
		case "nodes6":
			return asContacts6
		case "samples":
			return asSamples
		case "values":
			return asPeers
		case "want":
			return asWant
		case "v":
			return asItem
		}
	case asItem:
		return asItem
	}
	return asPlain
}

// member is the place of the elements of a list at p.
func (p place) member() place {
	switch p {
	case asPeers:
		return asAddr
	case asItem:
		return asItem
	default:
		return asPlain
	}
}

// The meanings of what has no key.
var (
	message     = Meaning{"A KRPC message: one bencoded dictionary in one UDP packet.", 5, true}
	notBencode  = Meaning{"From here on it cannot be read: cut off, not bencode, or nested too deep.", 0, false}
	trailing    = Meaning{"Bytes after the end of the message. Nodes pass over them.", 0, false}
	unknownKey  = Meaning{"A key that none of the BEPs defines. Nodes pass over what they do not know.", 0, false}
	insideItem  = Meaning{"A part of the stored item: it may be anything.", 44, true}
	contactPart = Meaning{"A node: its ID in 20 bytes, its IP address, its UDP port in 2.", 5, true}
	samplePart  = Meaning{"An info_hash that the answering node stores peers for.", 51, true}
)

// meaningOf says what the value with key in a container at p means; key is nil in a list.
func meaningOf(p place, key []byte) Meaning {
	var m Meaning
	switch p {
	case asMessage:
		m = inMessage[string(key)]
	case asQuery:
		m = inQuery[string(key)]
	case asReply:
		m = inReply[string(key)]
	case asError:
		m = Meaning{"The code of the error, then a text for people.", 5, true}
	case asPeers:
		m = Meaning{"A peer of the torrent: its IP address and TCP port, compact. Not a DHT node.", 5, true}
	case asWant:
		m = Meaning{"n4 asks for IPv4 contacts in nodes, n6 for IPv6 contacts in nodes6.", 32, true}
	case asItem:
		m = insideItem
	}
	if m.Text == "" {
		m = unknownKey
	}
	return m
}

// The keys of a message.
var inMessage = map[string]Meaning{
	"t":  {"Transaction ID. The answer echoes it, so that it finds the question that it belongs to.", 5, true},
	"y":  {"The kind of message: q is a query, r a reply, e an error.", 5, true},
	"q":  {"The method that the query calls.", 5, true},
	"a":  {"The arguments of the query.", 5, true},
	"r":  {"The values of the reply.", 5, true},
	"e":  {"What went wrong: a code and a text.", 5, true},
	"v":  {"The sender's client and its version: two letters and usually two bytes.", 5, true},
	"ip": {"The address that the answering node sees the asker at. So one learns one's own, and which IDs are valid there.", 42, true},
	"ro": {"1: the sender is read-only. It asks but does not answer, so it belongs into no routing table.", 43, true},
}

// The arguments of queries.
var inQuery = map[string]Meaning{
	"id":           {"The asker's node ID: its place in the 160-bit key space.", 5, true},
	"target":       {"The key whose closest nodes are asked for: a node ID, or the key of an item (BEP 44).", 5, true},
	"info_hash":    {"The SHA-1 that names a torrent: whose peers are asked for or announced.", 5, true},
	"token":        {"Given back to the node that issued it in its reply: proof that the asker owns its IP address.", 5, true},
	"port":         {"The port at which the announced peer takes connections.", 5, true},
	"implied_port": {"1: not port counts but the port that the packet came from, as behind NAT.", 5, true},
	"seed":         {"1: the announced peer has the whole torrent.", 33, true},
	"noseed":       {"1: peers that have the whole torrent shall be left out.", 33, true},
	"scrape":       {"1: asks for the sizes of the swarm, as two bloom filters.", 33, true},
	"want":         {"The address families whose nodes are wanted; without it that of the packet.", 32, true},
	"k":            {"The ed25519 public key of a mutable item. The item's key is the SHA-1 of k and salt.", 44, true},
	"sig":          {"The ed25519 signature over salt, seq and v: only the owner of k can make it.", 44, true},
	"seq":          {"The number of the version. In put: a node keeps the highest. In get: only a higher one is wanted.", 44, true},
	"cas":          {"Compare and swap: store only if the item stored now has this number.", 44, true},
	"salt":         {"Makes one public key own many items: it is hashed with k.", 44, true},
	"v":            {"The item to store: any bencoded value, at most 1,000 bytes.", 44, true},
	"bs":           {"1: the asker wants nodes for its routing table, not peers. libtorrent's own, in no BEP.", 0, true},
	"name":         {"The name of the torrent, from old clients. In no BEP.", 0, true},
}

// The values of replies.
var inReply = map[string]Meaning{
	"id":       {"The answering node's ID.", 5, true},
	"nodes":    {"The IPv4 nodes that the answering node knows closest to the target, 26 bytes each.", 5, true},
	"nodes6":   {"The IPv6 nodes that the answering node knows closest to the target, 38 bytes each.", 32, true},
	"values":   {"Peers of the torrent, one string each: 6 bytes for IPv4, 18 for IPv6.", 5, true},
	"token":    {"A ticket for the asker's IP address, good for minutes: to be sent back with announce_peer or put.", 5, true},
	"samples":  {"A random choice of the info_hashes stored there, 20 bytes each.", 51, true},
	"num":      {"How many info_hashes the answering node stores in all.", 51, true},
	"interval": {"How many seconds to wait before asking this node for samples again.", 51, true},
	"BFsd":     {"A bloom filter of the seeds: tells how many they are, but not who.", 33, true},
	"BFpe":     {"A bloom filter of the downloaders: tells how many they are, but not who.", 33, true},
	"k":        {"The ed25519 public key that the mutable item belongs to.", 44, true},
	"sig":      {"The signature over salt, seq and v: checked with k, so that no node can forge the item.", 44, true},
	"seq":      {"The number of the item's version: the highest one found is the current one.", 44, true},
	"v":        {"The stored item: any bencoded value, at most 1,000 bytes.", 44, true},
	"p":        {"The port that the answering node sees the asker at. libtorrent's own, in no BEP.", 0, true},
}
