package testnet

import (
	"fmt"
	"time"
)

// Conditions are what is wrong with a network. The zero value is a network without a fault. They may change while
// the network runs, with SetConditions: each node has drawn its lots once, so that a share which grows takes in
// more nodes and one that shrinks lets the last ones go.
type Conditions struct {
	Loss      float64       // share of the packets that do not arrive, 0 to 1
	Delay     time.Duration // of every packet, beyond the RTT of the node that sends it
	Silent    float64       // share of the nodes that others know and that answer no more
	NATed     float64       // share of the nodes that nobody can reach unless they spoke to him first
	Liars     float64       // share of the nodes that answer with neighbours which do not exist
	Partition float64       // share of the nodes that are cut off from the rest and from the guests
	Churn     time.Duration // until one node leaves and another one joins, again and again; 0 for never
	Demand    float64       // the usual demand is multiplied by it; 0 for the usual one
}

// mainlineConditions are those of the demo: as on Mainline, but fewer nodes are dead or behind NAT, so that a few
// hundred make a network.
func mainlineConditions() Conditions {
	return Conditions{Loss: 0.01, Silent: 0.1, NATed: 0.25, Liars: 0.01, Churn: 2 * time.Second}
}

// The bounds of conditions that a network can take.
const (
	leastServing = 0.05                  // share of the nodes that answer, whatever is wrong with the others
	longestDelay = 30 * time.Second      // nobody waits for longer
	leastChurn   = 20 * time.Millisecond // opening and closing sockets takes its time
	mostDemand   = 20                    // times the usual one
)

// Check returns an error with a remedy if a network cannot take c.
func (c Conditions) Check() error {
	for _, share := range []struct {
		name string
		of   float64
	}{{"loss", c.Loss}, {"silent", c.Silent}, {"NATed", c.NATed}, {"liars", c.Liars}, {"partition", c.Partition}} {
		if !(share.of >= 0 && share.of <= 1) { // which NaN is not either
			return fmt.Errorf("%s is %g: give a share from 0 to 1, such as 0.3", share.name, share.of)
		}
	}
	if ailing := c.Silent + c.NATed + c.Liars; ailing > 1-leastServing {
		return fmt.Errorf("%.0f %% of the nodes are silent, behind NAT or lie: leave at least %.0f %% that answer", 100*ailing, 100*leastServing)
	}
	switch {
	case c.Delay < 0 || c.Delay > longestDelay:
		return fmt.Errorf("a delay of %s: give 0 to %s", c.Delay, longestDelay)
	case c.Churn < 0 || c.Churn > 0 && c.Churn < leastChurn:
		return fmt.Errorf("a node leaves every %s: give 0 for never, or at least %s", c.Churn, leastChurn)
	case !(c.Demand >= 0 && c.Demand <= mostDemand):
		return fmt.Errorf("%g times the usual demand: give 0 for the usual one, or up to %d", c.Demand, mostDemand)
	}
	return nil
}

// Conditions returns those in force.
func (n *Network) Conditions() Conditions { return *n.conditions.Load() }

// SetConditions puts others in force, from the next packet on. Check them first if they are somebody's input.
func (n *Network) SetConditions(c Conditions) { n.conditions.Store(&c) }

// role is what the conditions make of a node.
type role uint8

const (
	serving role = iota // it asks and answers
	silent              // it does neither, but others know of it
	natted              // it asks, and hears only those that it asked
	lying               // it answers with neighbours that do not exist
)

// role returns that of a node with such a lot, from 0 to 1. What ails it comes from the two ends of the lots, so
// that it is one thing at a time.
func (c *Conditions) role(lot float64) role {
	switch {
	case lot < c.Silent:
		return silent
	case lot >= 1-c.NATed:
		return natted
	case lot < c.Silent+c.Liars:
		return lying
	}
	return serving
}

// lots are the two numbers from 0 to 1 that the i-th node draws. They are spread more evenly than chance would, so that
// a network of any size has its shares (the R2 sequence of Roberts).
func lots(i int) (ofRole, ofClient float64) {
	i += 2 // the first ones serve, so that the smallest network does
	return fraction(float64(i) * 0.7548776662466927), fraction(float64(i) * 0.5698402909980532)
}

func fraction(x float64) float64 { return x - float64(int(x)) }
