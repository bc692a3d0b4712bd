package snapshot

import (
	"fmt"
	"time"

	"dhtop/dhtcore/human"
)

// OutageKind is what keeps a node from the network.
type OutageKind uint8

// The kinds of outages.
const (
	NoOutage    OutageKind = iota
	NoHosts                // there is nobody to join through, as the user wishes
	NoRoute                // the system has no way to send
	SendRefused            // the system does not permit sending: a firewall of this machine
	AddressGone            // the address of the socket is no longer one of this machine
	NoDNS                  // no bootstrap host can be resolved
	OtherFamily            // the bootstrap hosts have addresses of the other family alone
	Misanswered            // the bootstrap hosts answer with errors, or with what is no answer
	Silent                 // what is sent gets no reply
	Filtered               // hardly anybody replies: somebody on the way drops BitTorrent's packets
	DeviceGone             // the network interface that the sockets keep to is gone or down
)

// Outage is why a node does not reach the network. The zero value is none.
type Outage struct {
	Kind    OutageKind
	Since   time.Time
	Text    string    // what is the case, printable
	Remedy  string    // what to do about it
	NextTry time.Time // when it next asks the bootstrap hosts; zero while that is not known
}

// Offline reports whether nobody can be reached.
func (o *Outage) Offline() bool { return o.Kind != NoOutage && o.Kind != Filtered }

// Unsent reports whether nothing can leave this machine, so that no silence and no failure says anything of others.
func (o *Outage) Unsent() bool {
	switch o.Kind {
	case NoRoute, SendRefused, AddressGone, DeviceGone:
		return true
	}
	return false
}

// Sentence returns the outage in one line without its next attempt; "" for none.
func (o *Outage) Sentence() string {
	switch o.Kind {
	case NoOutage:
		return ""
	case NoHosts:
		return "No bootstrap hosts: waiting for others to find this node."
	case Filtered:
		return human.Capital(o.Text) + ". " + human.Capital(o.Remedy) + "."
	}
	return "No network: " + o.Text + ". " + human.Capital(o.Remedy) + "."
}

// Reason returns the outage as the end of a sentence, with its remedy; "" for none.
func (o *Outage) Reason() string {
	if o.Kind == NoOutage {
		return ""
	}
	return o.Text + ": " + o.Remedy
}

// When few replies mean that somebody on the way drops BitTorrent's packets.
const (
	FilterAfter   = time.Minute // of watching: the nodes of an old table may be dead, too
	FilterQueries = 100         // lately, from which on the share of replies says something
	FilteredBelow = 0.05        // of the queries have replies: about half is normal
)

// FilteredOutage is the outage in which no more than the given share of the queries has replies.
func FilteredOutage(share float64, since time.Time) Outage {
	return Outage{Kind: Filtered, Since: since, Text: fmt.Sprintf("only %.1f %% of the queries get a reply", 100*share),
		Remedy: DropsUDP}
}

// DropsUDP is the remedy of a filter on the way.
const DropsUDP = "the provider seems to drop BitTorrent's UDP: use another network or a VPN"
