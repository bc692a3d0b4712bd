package capture

import (
	"fmt"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
)

// commentDigits are the digits of a hash in a comment.
const commentDigits = 8

// comment says why a packet was sent: "lookup 36445f2a…, round 2, told by 91.201.41.182:6881, late".
func (c *Writer) comment(s *dhtcore.Snapshot, p *dhtcore.Packet) string {
	var parts []string
	say := func(format string, a ...any) { parts = append(parts, fmt.Sprintf(format, a...)) }
	if cause, known := c.causes.Of(p); known {
		c.sayCause(s, p, cause, say)
	} else {
		say("%s", c.what(s, p))
		if p.Way == dhtcore.In && p.Client != "" {
			say("from %s", c.o.Text(p.Client))
		}
	}
	if p.Took > 0 {
		say("after %s", human.Duration(p.Took))
	}
	if cause, known := c.causes.Of(p); known && cause.Step.Late {
		say("late")
	}
	return strings.Join(parts, ", ")
}

// sayCause says which step of which lookup a packet belongs to.
func (c *Writer) sayCause(s *dhtcore.Snapshot, p *dhtcore.Packet, cause dhtcore.PacketCause, say func(format string, a ...any)) {
	what := "lookup"
	switch {
	case p.Method == dhtcore.AnnouncePeer:
		what = "announce"
	case p.Method == dhtcore.Put:
		what = "put"
	case cause.Lookup.Method == dhtcore.FindNode:
		what = "lookup of nodes"
	case cause.Lookup.Method == dhtcore.Get:
		what = "lookup of an item"
	}
	say("%s %s", what, c.about(s, p.Target))
	step := cause.Step
	say("round %d", max(step.Round, 1))
	switch {
	case cause.Referrer.IsValid() && step.Referrers > 1:
		say("told by %s and %s", c.told(cause.Referrer), human.Amount(step.Referrers-1, "other", "others"))
	case cause.Referrer.IsValid():
		say("told by %s", c.told(cause.Referrer))
	case step.Referrer.Zero():
		say("known before")
	}
	if p.Kind == dhtcore.KindQuery && step.State == dhtcore.TimedOut {
		say("no answer")
	}
}

// what says what a packet is that no lookup explains.
func (c *Writer) what(s *dhtcore.Snapshot, p *dhtcore.Packet) string {
	method := c.o.Text(p.MethodName())
	about := ""
	if p.HasTarget {
		about = " about " + c.about(s, p.Target)
	}
	switch {
	case p.Kind == dhtcore.NoKind:
		return "no KRPC message"
	case p.Kind == dhtcore.KindQuery && p.Way == dhtcore.Out && p.Method == dhtcore.SampleInfohashes:
		return "the crawl: " + method + about
	case p.Kind == dhtcore.KindQuery:
		return method + about
	case method == "":
		return dhtcore.KindName(p.Kind) + " to a query that was not recorded"
	default:
		return dhtcore.KindName(p.Kind) + " to " + method + about
	}
}

// about names a hash or an ID.
func (c *Writer) about(s *dhtcore.Snapshot, id dhtcore.ID) string {
	if c.o.Mask.Owns(id) {
		return text.Hidden
	}
	name := c.o.Text(s.Names[id])
	if name == "" {
		return text.Prefix(id, commentDigits)
	}
	return text.Prefix(id, commentDigits) + " (" + name + ")"
}
