package report

import (
	"encoding/hex"
	"net/netip"
	"strconv"

	"dhtop/dhtcore"
)

// AppendEventLine appends the plain line of e. Replies to lookups and announces have the form that
// scripts may rely on, "[ DHT REPLY ] InfoHash=<hex> Peers=<n> Node=<addr>" and
// "[ DHT ANNOUNCE ] InfoHash=<hex> Peer=<addr>"; the other kinds follow it.
func AppendEventLine(dst []byte, e *dhtcore.Event, o Options) []byte {
	p := eventLine{dst, o}
	switch e.Kind {
	case dhtcore.Found:
		p.tag("DHT REPLY").hash(e.Hash).number("Peers", e.N).addr("Node", e.Addr)
	case dhtcore.Announced:
		p.tag("DHT ANNOUNCE").hash(e.Hash).addr("Peer", e.Addr)
	case dhtcore.Tracked:
		p.tag("TRACKER ANNOUNCE").hash(e.Hash).number("Peers", e.N).addr("Peer", e.Addr)
	case dhtcore.Requested:
		p.tag("DHT REQUEST").hash(e.Hash).addr("Node", e.Addr)
		if e.Maintenance {
			p.text("Maintenance")
		}
	case dhtcore.Discovered:
		p.tag("DHT DISCOVERY").hash(e.Hash).addr("Node", e.Addr)
	case dhtcore.ItemStored:
		p.tag("DHT PUT").key("Target").bytes(e.Hash[:]).addr("Node", e.Addr)
	case dhtcore.Sampled:
		p.tag("DHT SAMPLES").number("Hashes", e.N).number("New", e.New).addr("Node", e.Addr)
	case dhtcore.NodeJoined:
		p.tag("NODE JOINED").id(e.ID).addr("Node", e.Addr)
	case dhtcore.NodeLeft:
		p.tag("NODE LEFT").id(e.ID).addr("Node", e.Addr)
	case dhtcore.LookupStarted:
		p.tag("LOOKUP STARTED").hash(e.Hash)
	case dhtcore.LookupStep:
		p.tag("LOOKUP STEP").hash(e.Hash).number("DistanceBits", idBits-e.N).addr("Node", e.Addr)
	case dhtcore.LookupDone:
		p.tag("LOOKUP DONE").hash(e.Hash).number("Peers", e.N)
		if e.Text != "" {
			p.key("Error").value(e.Text)
		}
	case dhtcore.Named:
		p.tag("NAME").hash(e.Hash).text(e.Text)
	case dhtcore.CrawlStep:
		p.tag("CRAWL").text(e.Text)
	case dhtcore.Reachable:
		p.tag("NODE REACHABLE").text(e.Text)
	case dhtcore.Warning:
		p.tag("WARNING").text(e.Text)
	case dhtcore.Alerted:
		tag := "ALERT"
		if e.N == 0 {
			tag = "ALERT OVER"
		}
		p.tag(tag).key("Rule")
		p.dst = append(p.dst, e.Rule...)
		if !e.Hash.Zero() {
			p.hash(e.Hash)
		}
		p.text(e.Text)
	default:
		return dst
	}
	return append(p.dst, '\n')
}

// plain builds a line of "[ TAG ] Key=value" pairs.
type eventLine struct {
	dst []byte
	o   Options
}

func (p *eventLine) tag(s string) *eventLine {
	p.dst = append(append(append(p.dst, "[ "...), s...), " ]"...)
	return p
}

func (p *eventLine) text(s string) { p.dst = append(append(p.dst, ' '), p.o.Text(s)...) }

// value is the text behind a key.
func (p *eventLine) value(s string) { p.dst = append(p.dst, p.o.Text(s)...) }

func (p *eventLine) key(s string) *eventLine {
	p.dst = append(append(append(p.dst, ' '), s...), '=')
	return p
}

func (p *eventLine) hash(id dhtcore.ID) *eventLine { return p.key("InfoHash").bytes(id[:]) }

func (p *eventLine) id(id dhtcore.ID) *eventLine { return p.key("ID").bytes(id[:]) }

func (p *eventLine) bytes(b []byte) *eventLine {
	p.dst = hex.AppendEncode(p.dst, b)
	return p
}

func (p *eventLine) number(name string, n int) *eventLine {
	p.key(name).dst = strconv.AppendInt(p.dst, int64(n), 10)
	return p
}

func (p *eventLine) addr(name string, a netip.AddrPort) {
	p.key(name).dst = p.o.appendAddr(p.dst, a)
}
