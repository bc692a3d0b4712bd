package testnet

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/wire"
)

// churnPoll is how soon a change of Conditions.Churn is noticed while there is none.
const churnPoll = time.Second

// churn lets nodes leave and join, as often as the Conditions say, until ctx ends.
func (n *Network) churn(ctx context.Context, running *sync.WaitGroup) {
	for {
		every := n.Conditions().Churn
		if every == 0 {
			every = churnPoll
		}
		if !pause.For(ctx, every) {
			return
		}
		if n.Conditions().Churn > 0 {
			n.replaceOne(ctx, running)
		}
	}
}

// replaceOne lets one node leave without a word, as nodes do, and another one join through the rest.
func (n *Network) replaceOne(ctx context.Context, running *sync.WaitGroup) {
	n.mu.Lock()
	defer n.mu.Unlock()
	newcomer, err := n.newMember()
	if err != nil {
		return // no socket is available: the network keeps its size
	}
	i := n.rng.IntN(len(n.members))
	left := n.members[i]
	left.stop()
	n.directory.removeMember(left)
	n.members[i] = newcomer
	newcomer.start(ctx, running)
	for family := range wire.Families {
		own, known := newcomer.in(family), n.knownContacts(family)
		if own == nil {
			continue
		}
		var friends []wire.Contact
		for range firstAsked {
			friends = append(friends, known[n.rng.IntN(len(known))])
		}
		running.Go(func() { lookAround(ctx, own, newcomer.link.client, friends) })
	}
}

// lookAround lets a node look for its own neighbourhood, through friends and those that it knows.
func lookAround(ctx context.Context, who *node.Node, client *Client, friends []wire.Contact) {
	cfg := lookup.Config{Target: who.ID(), Method: wire.FindNode, Querier: who, Self: []wire.ID{who.ID()}, Seeds: friends}
	if client != nil {
		cfg.K, cfg.Alpha = client.K, client.Alpha
	}
	lookup.New(cfg).Run(ctx)
}
