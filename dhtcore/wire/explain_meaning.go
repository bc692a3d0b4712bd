package wire

// Meaning explains a Field to a person.
type Meaning struct {
	Text  string // one or two sentences
	BEP   int    // the BEP that defines it; 0 for none
	Known bool   // false for a key without a specification, whose value may be anything
}

// place is where in a message a value is, which determines what it means.
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
	asItem // BEP 44: anything inside the item
)

// under returns the place of the value of key in a dictionary at p.
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

// member returns the place of the elements of a list at p.
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

// The meanings of fields without a key.
var (
	message     = Meaning{"A KRPC message: one bencoded dictionary in one UDP packet.", 5, true}
	notBencode  = Meaning{"The rest cannot be read: cut off, not bencode, or nested too deep.", 0, false}
	trailing    = Meaning{"Bytes after the end of the message. Nodes ignore them.", 0, false}
	unknownKey  = Meaning{"A key that no BEP defines. Nodes ignore unknown keys.", 0, false}
	insideItem  = Meaning{"A part of the stored item, which may be any value.", 44, true}
	contactPart = Meaning{"A node: its ID (20 bytes), its IP address and its UDP port (2 bytes).", 5, true}
	samplePart  = Meaning{"An info_hash for which the sender stores peers.", 51, true}
)

// meaningOf returns the meaning of the value of key in a container at p; key is nil in a list.
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
		m = Meaning{"The error code, then a text for humans.", 5, true}
	case asPeers:
		m = Meaning{"A peer of the torrent, not a DHT node: its IP address and TCP port, compact.", 5, true}
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
	"t":  {"The transaction ID. The reply repeats it, so that the sender can match it to its query.", 5, true},
	"y":  {"The kind of message: q is a query, r a reply, e an error.", 5, true},
	"q":  {"The method that the query calls.", 5, true},
	"a":  {"The arguments of the query.", 5, true},
	"r":  {"The values of the reply.", 5, true},
	"e":  {"The error: a code and a text.", 5, true},
	"v":  {"The sender's client and version: two letters, then usually two bytes.", 5, true},
	"ip": {"The address from which the query came. This is how a node learns its own address, and which IDs BEP 42 allows it.", 42, true},
	"ro": {"1: the sender is read-only. It asks but does not answer, so it must not enter a routing table.", 43, true},
}

// The arguments of queries.
var inQuery = map[string]Meaning{
	"id":           {"The sender's node ID: its place in the 160-bit key space.", 5, true},
	"target":       {"The key whose closest nodes are wanted: a node ID, or the key of an item (BEP 44).", 5, true},
	"info_hash":    {"The SHA-1 that identifies the torrent whose peers are wanted or announced.", 5, true},
	"token":        {"The token from an earlier reply of the same node. It proves that the sender owns its IP address.", 5, true},
	"port":         {"The port on which the announced peer accepts connections.", 5, true},
	"implied_port": {"1: ignore port and use the source port of the packet, as for a peer behind NAT.", 5, true},
	"seed":         {"1: the announced peer has the whole torrent.", 33, true},
	"noseed":       {"1: exclude peers that have the whole torrent.", 33, true},
	"scrape":       {"1: asks for the size of the swarm, as two bloom filters.", 33, true},
	"want":         {"The address families whose nodes are wanted. Default: the family of the packet.", 32, true},
	"k":            {"The ed25519 public key of a mutable item. The item's key is the SHA-1 of k and salt.", 44, true},
	"sig":          {"The ed25519 signature of salt, seq and v. Only the owner of k can make it.", 44, true},
	"seq":          {"The version number. In put: nodes keep the highest. In get: only a higher one is wanted.", 44, true},
	"cas":          {"Compare and swap: store only if the stored item has this version number.", 44, true},
	"salt":         {"Lets one public key own many items: it is hashed with k.", 44, true},
	"v":            {"The item to store: any bencoded value, at most 1,000 bytes.", 44, true},
	"bs":           {"1: the sender wants nodes for its routing table, not peers. A libtorrent extension, in no BEP.", 0, true},
	"name":         {"The name of the torrent, sent by old clients. In no BEP.", 0, true},
}

// The values of replies.
var inReply = map[string]Meaning{
	"id":       {"The node ID of the sender.", 5, true},
	"nodes":    {"The IPv4 nodes closest to the target that the sender knows, 26 bytes each.", 5, true},
	"nodes6":   {"The IPv6 nodes closest to the target that the sender knows, 38 bytes each.", 32, true},
	"values":   {"Peers of the torrent, one string each: 6 bytes for IPv4, 18 for IPv6.", 5, true},
	"token":    {"Needed for an announce_peer or put to this node. It is bound to an IP address and valid for minutes.", 5, true},
	"samples":  {"A random sample of the info_hashes that the sender stores, 20 bytes each.", 51, true},
	"num":      {"How many info_hashes the sender stores in total.", 51, true},
	"interval": {"Seconds to wait before asking this node for samples again.", 51, true},
	"BFsd":     {"A bloom filter of the seeds. It shows how many there are, but not who.", 33, true},
	"BFpe":     {"A bloom filter of the downloaders. It shows how many there are, but not who.", 33, true},
	"k":        {"The ed25519 public key that owns the mutable item.", 44, true},
	"sig":      {"The signature of salt, seq and v. Checked with k, it keeps nodes from forging the item.", 44, true},
	"seq":      {"The version number of the item. The highest one found is current.", 44, true},
	"v":        {"The stored item: any bencoded value, at most 1,000 bytes.", 44, true},
	"p":        {"The port from which the query came. A libtorrent extension, in no BEP.", 0, true},
}
