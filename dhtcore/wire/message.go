package wire

// Kind is the "y" of a KRPC message.
type Kind uint8

// The three kinds of BEP 5, and the zero value for a message that names none of them.
const (
	NoKind Kind = iota
	KindQuery
	KindReply
	KindError
)

func kindOf(y []byte) Kind {
	if len(y) != 1 {
		return NoKind
	}
	switch y[0] {
	case 'q':
		return KindQuery
	case 'r':
		return KindReply
	case 'e':
		return KindError
	}
	return NoKind
}

// Method is the "q" of a query.
type Method uint8

// The methods that the node answers itself; every other name is MethodUnknown.
const (
	MethodUnknown Method = iota
	Ping
	FindNode
	GetPeers
	AnnouncePeer
	SampleInfohashes
	Get     // BEP 44
	Put     // BEP 44
	Methods // how many there are, for tables indexed by Method
)

var methodNames = [Methods]string{"unknown", "ping", "find_node", "get_peers", "announce_peer", "sample_infohashes", "get", "put"}

// String returns the method's name on the wire.
func (m Method) String() string {
	if m < Methods {
		return methodNames[m]
	}
	return methodNames[MethodUnknown]
}

func methodOf(name []byte) Method {
	for m := Ping; m < Methods; m++ {
		if string(name) == methodNames[m] {
			return m
		}
	}
	return MethodUnknown
}

// Want is the set of address families of which a query wants contacts (BEP 32).
type Want uint8

// The members of a Want; the zero value asks for the family that carried the query.
const (
	WantNodes  Want = 1 << iota // "n4"
	WantNodes6                  // "n6"
)

// Message is one KRPC message as Scan read it. All slices alias the packet and are valid as long as its buffer is.
type Message struct {
	Kind     Kind
	Method   Method
	Name     []byte // "q" as it was sent
	TID      []byte // "t", to be echoed
	Version  []byte // "v": two letters and a version, by convention
	External []byte // "ip": our address as the sender sees it, compact (BEP 42)
	ReadOnly bool   // "ro" (BEP 43)

	// Body says that the dictionary which Kind calls for, "a" or "r", was there. The fields below are from it.
	Body        bool
	HasID       bool
	HasTarget   bool // the one of "target" and "info_hash" that the method uses was there; either for an unknown method
	HasPort     bool
	ImpliedPort bool
	Seed        bool // BEP 33
	NoSeed      bool // BEP 33
	Bootstrap   bool // "bs": libtorrent marks a get_peers that is not for a torrent but for nodes only
	Scrape      bool // BEP 33
	HasSamples  bool // "samples" was there, even if empty: the sender speaks BEP 51
	Want        Want
	ID          ID
	Target      ID
	Port        int64
	Num         int64 // BEP 51: hashes that the sender stores
	Interval    int64 // BEP 51: seconds until it wants to be asked again
	Token       []byte
	Nodes       []byte // 26 bytes a contact
	Nodes6      []byte // 38 bytes a contact (BEP 32)
	Values      []byte // the elements of the list, still bencoded
	Samples     []byte // 20 bytes a hash (BEP 51)
	Rest        []byte // the body again if it has other keys, for a second pass

	Code int64  // of an error
	Text []byte // of an error

	// Invalid is a key that m needs and whose value has the wrong type or length; empty when there is none. Such a
	// query is answered with a CodeProtocol error.
	Invalid string

	odds keySet // whose values have the wrong type or length, needed or not
}
