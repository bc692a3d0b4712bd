package testnet

import (
	"context"
	"slices"
	"sync"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// catalogue is the torrents that there are, and how popular they are. mu guards all but the seed.
type catalogue struct {
	seed uint64

	mu      sync.Mutex
	hashes  []wire.ID       // by number; those that are forgotten keep theirs
	numbers map[wire.ID]int // of hashes
	ranks   []int           // numbers, the most popular first
}

func newCatalogue(seed uint64) *catalogue {
	return &catalogue{seed: seed, numbers: make(map[wire.ID]int)}
}

// begin fills the catalogue with the first count torrents, whose ranks are their numbers, unless ctx ends.
func (c *catalogue) begin(ctx context.Context, count int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range count {
		if ctx.Err() != nil {
			return
		}
		c.ranks = append(c.ranks, c.add())
	}
}

// add makes one more torrent and returns its number. mu is held.
func (c *catalogue) add() int {
	number := len(c.hashes)
	hash := InfoHash(c.seed, number)
	c.hashes, c.numbers[hash] = append(c.hashes, hash), number
	return number
}

// size is how many torrents are not forgotten.
func (c *catalogue) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ranks)
}

// at returns the torrent of a rank.
func (c *catalogue) at(rank int) (number int, hash wire.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	number = c.ranks[rank]
	return number, c.hashes[number]
}

// born adds a new torrent at a rank. The least popular one is forgotten.
func (c *catalogue) born(rank int) (number int, hash wire.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	number = c.add()
	copy(c.ranks[rank+1:], c.ranks[rank:])
	c.ranks[rank] = number
	return number, c.hashes[number]
}

// dies forgets the torrent of a rank. A new one takes the last.
func (c *catalogue) dies(rank int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ranks = append(slices.Delete(c.ranks, rank, rank+1), c.add())
}

// move gives the torrent of one rank another one.
func (c *catalogue) move(from, to int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	number := c.ranks[from]
	c.ranks = slices.Insert(slices.Delete(c.ranks, from, from+1), to, number)
}

// dict returns the info dictionary behind a hash, nil for a hash of nobody.
func (c *catalogue) dict(hash [20]byte) []byte {
	c.mu.Lock()
	number, there := c.numbers[hash]
	c.mu.Unlock()
	if !there {
		return nil
	}
	return InfoDict(c.seed, number)
}

// all yields every hash there ever was.
func (c *catalogue) all(yield func([20]byte) bool) {
	c.mu.Lock()
	hashes := slices.Clone(c.hashes)
	c.mu.Unlock()
	for _, hash := range hashes {
		if !yield(hash) {
			return
		}
	}
}

// Hash returns the torrent of a rank, from 0, the most popular; false where there are not as many.
func (n *Network) Hash(rank int) (hash wire.ID, ok bool) {
	if rank < 0 || rank >= n.torrents.size() {
		return hash, false
	}
	_, hash = n.torrents.at(rank)
	return hash, true
}

// Stranger returns a node that knows nobody and that nobody knows, and that has no RTT: a probe. It asks and does not
// answer (BEP 43). The caller runs it.
func (n *Network) Stranger() (*node.Node, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id := DrawID(n.rng)
	conn, err := n.listen(id, n.rng)
	if err != nil {
		return nil, err
	}
	return node.New(node.Config{ID: id, Conn: conn, ReadOnly: true}), nil
}
