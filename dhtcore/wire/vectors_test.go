package wire

import (
	"net/netip"
	"strings"
)

// The IDs of the example messages in BEP 5, and a second pair of letters for contacts.
const (
	alice = "abcdefghij0123456789"
	bob   = "mnopqrstuvwxyz123456"
)

func idOf(s string) ID { return ID([]byte(s)) }

// node4 and node6 are the compact contacts of bob at 192.0.2.1:6881 and at [2001:db8::1]:6881.
const (
	node4 = bob + "\xc0\x00\x02\x01\x1a\xe1"
	node6 = bob + "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe1"
)

var (
	contact4 = Contact{idOf(bob), netip.MustParseAddrPort("192.0.2.1:6881")}
	contact6 = Contact{idOf(bob), netip.MustParseAddrPort("[2001:db8::1]:6881")}
)

// vector is a packet and the message that it is. Unless the name says otherwise the packets are the
// examples in the text of BEP 5.
type vector struct {
	name, packet string
	want         Message
}

var vectors = []vector{
	{"ping", "d1:ad2:id20:" + alice + "e1:q4:ping1:t2:aa1:y1:qe",
		Message{Kind: KindQuery, Method: Ping, Name: b("ping"), TID: b("aa"), Body: true, HasID: true, ID: idOf(alice)}},
	{"the answer to ping", "d1:rd2:id20:" + bob + "e1:t2:aa1:y1:re",
		Message{Kind: KindReply, TID: b("aa"), Body: true, HasID: true, ID: idOf(bob)}},
	{"find_node", "d1:ad2:id20:" + alice + "6:target20:" + bob + "e1:q9:find_node1:t2:aa1:y1:qe",
		Message{Kind: KindQuery, Method: FindNode, Name: b("find_node"), TID: b("aa"), Body: true, HasID: true, ID: idOf(alice),
			HasTarget: true, Target: idOf(bob)}},
	{"get_peers", "d1:ad2:id20:" + alice + "9:info_hash20:" + bob + "e1:q9:get_peers1:t2:aa1:y1:qe",
		Message{Kind: KindQuery, Method: GetPeers, Name: b("get_peers"), TID: b("aa"), Body: true, HasID: true, ID: idOf(alice),
			HasTarget: true, Target: idOf(bob)}},
	{"the answer with peers", "d1:rd2:id20:" + alice + "5:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re",
		Message{Kind: KindReply, TID: b("aa"), Body: true, HasID: true, ID: idOf(alice), Token: b("aoeusnth"),
			Values: b("6:axje.u6:idhtnm")}},
	{"the answer with nodes, its nodes made whole", "d1:rd2:id20:" + alice + "5:nodes26:" + node4 + "5:token8:aoeusnthe1:t2:aa1:y1:re",
		Message{Kind: KindReply, TID: b("aa"), Body: true, HasID: true, ID: idOf(alice), Token: b("aoeusnth"), Nodes: b(node4)}},
	{"announce_peer", "d1:ad2:id20:" + alice + "12:implied_porti1e9:info_hash20:" + bob + "4:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
		Message{Kind: KindQuery, Method: AnnouncePeer, Name: b("announce_peer"), TID: b("aa"), Body: true, HasID: true, ID: idOf(alice),
			HasTarget: true, Target: idOf(bob), ImpliedPort: true, HasPort: true, Port: 6881, Token: b("aoeusnth")}},
	{"error", "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
		Message{Kind: KindError, TID: b("aa"), Code: 201, Text: b("A Generic Error Ocurred")}}, //nolint:misspell // as in BEP 5

	{"BEP 32: find_node that wants both families", "d1:ad2:id20:" + alice + "6:target20:" + bob + "4:wantl2:n42:n6ee1:q9:find_node1:t2:aa1:y1:qe",
		Message{Kind: KindQuery, Method: FindNode, Name: b("find_node"), TID: b("aa"), Body: true, HasID: true, ID: idOf(alice),
			HasTarget: true, Target: idOf(bob), Want: WantNodes | WantNodes6}},
	{"BEP 32: a reply with nodes6", "d1:rd2:id20:" + alice + "6:nodes638:" + node6 + "e1:t2:aa1:y1:re",
		Message{Kind: KindReply, TID: b("aa"), Body: true, HasID: true, ID: idOf(alice), Nodes6: b(node6)}},
	{"BEP 33: get_peers that scrapes and has no use for seeds", "d1:ad2:id20:" + alice + "9:info_hash20:" + bob + "6:noseedi1e6:scrapei1ee1:q9:get_peers1:t2:aa1:y1:qe",
		Message{Kind: KindQuery, Method: GetPeers, Name: b("get_peers"), TID: b("aa"), Body: true, HasID: true, ID: idOf(alice),
			HasTarget: true, Target: idOf(bob), NoSeed: true, Scrape: true}},
	{"BEP 42: a reply that tells our address", "d2:ip6:\xc0\x00\x02\x01\x1a\xe11:rd2:id20:" + bob + "e1:t2:aa1:y1:re",
		Message{Kind: KindReply, TID: b("aa"), External: b("\xc0\x00\x02\x01\x1a\xe1"), Body: true, HasID: true, ID: idOf(bob)}},
	{"BEP 43: a query of a read-only node", "d1:ad2:id20:" + alice + "e1:q4:ping2:roi1e1:t2:aa1:v4:LT\x02\x081:y1:qe",
		Message{Kind: KindQuery, Method: Ping, Name: b("ping"), TID: b("aa"), Version: b("LT\x02\x08"), ReadOnly: true,
			Body: true, HasID: true, ID: idOf(alice)}},
	{"BEP 44: get", "d1:ad2:id20:" + alice + "6:target20:" + bob + "e1:q3:get1:t2:aa1:y1:qe",
		Message{Kind: KindQuery, Method: Get, Name: b("get"), TID: b("aa"), Body: true, HasID: true, ID: idOf(alice), HasTarget: true, Target: idOf(bob)}},
	{"BEP 51: sample_infohashes", "d1:ad2:id20:" + alice + "6:target20:" + bob + "e1:q17:sample_infohashes1:t2:aa1:y1:qe",
		Message{Kind: KindQuery, Method: SampleInfohashes, Name: b("sample_infohashes"), TID: b("aa"), Body: true, HasID: true,
			ID: idOf(alice), HasTarget: true, Target: idOf(bob)}},
	{"BEP 51: its answer", "d1:rd2:id20:" + alice + "8:intervali21600e5:nodes26:" + node4 + "3:numi4711e7:samples40:" + alice + bob + "e1:t2:aa1:y1:re",
		Message{Kind: KindReply, TID: b("aa"), Body: true, HasID: true, ID: idOf(alice), Interval: 21600, Num: 4711,
			Nodes: b(node4), HasSamples: true, Samples: b(alice + bob)}},
	{"BEP 51: its answer by a node that stores nothing", "d1:rd2:id20:" + alice + "8:intervali0e3:numi0e7:samples0:e1:t2:aa1:y1:re",
		Message{Kind: KindReply, TID: b("aa"), Body: true, HasID: true, ID: idOf(alice), HasSamples: true, Samples: b("")}},
}

func b(s string) []byte { return []byte(s) }

// query and reply wrap bencoded arguments into a whole message.
func query(method, args string) string {
	return "d1:ad" + args + "e1:q" + bstr(method) + "1:t2:aa1:y1:qe"
}

func reply(values string) string { return "d1:rd" + values + "e1:t2:aa1:y1:re" }

func bstr(s string) string { return string(appendStr(nil, []byte(s))) }

// shuffled is find_node with its keys in no order.
var shuffled = strings.Join([]string{"d1:y1:q1:t2:aa1:q9:find_node1:ad6:target20:", bob, "2:id20:", alice, "ee"}, "")
