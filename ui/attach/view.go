package attach

import (
	"dhtop/dhtcore"
	"dhtop/ui/attach/protocol"
)

// look changes what the screen looks at. It is sent with the next write, and anew after each connection.
func (c *Client) look(change func(*protocol.View)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.view
	change(&c.view)
	if c.link != nil && c.view != before {
		c.link.view = true
		c.link.hurry()
	}
}

func (c *Client) rankBy(o dhtcore.Order) { c.look(func(v *protocol.View) { v.Order = o }) }

func (c *Client) watchHash(hash dhtcore.ID) error {
	c.look(func(v *protocol.View) { v.Hash = hash })
	return nil
}

func (c *Client) watchPackets(on bool, f *dhtcore.PacketFilter) error {
	c.look(func(v *protocol.View) {
		v.Packets, v.PacketFilter = on, ""
		if on && f != nil {
			v.PacketFilter = f.String()
		}
	})
	return nil
}

func (c *Client) rankSwarmsBy(q dhtcore.SwarmQuery) {
	c.look(func(v *protocol.View) {
		v.Swarms, v.SwarmFilter = q.SwarmOrder, ""
		if q.Filter != nil {
			v.SwarmFilter = q.Filter.String()
			c.filters.asked = q.Filter
		}
	})
}

// filters turns the texts of filters into filters again. The screen compares them, so that what it has asked for must come
// back. Client.mu guards it.
type filters struct {
	asked  *dhtcore.SwarmFilter // last; nil for none
	parsed *dhtcore.SwarmFilter // an older one, of a Picture that is on its way still
}

// swarmsOf returns the filter of swarms with a text; nil for "" and for one that says nothing here.
func (f *filters) swarmsOf(text string) *dhtcore.SwarmFilter {
	for _, known := range []*dhtcore.SwarmFilter{f.asked, f.parsed} {
		if known != nil && known.String() == text {
			return known
		}
	}
	if text == "" {
		return nil
	}
	f.parsed, _ = dhtcore.TrackerColumns.Parse(text) // an error: it is one of another version
	return f.parsed
}
