package crawl

import "dhtop/dhtcore/wire"

// Cell is a part of the keyspace in the sweep that runs, or the last one that came by.
type Cell struct {
	Nodes    int // named by others
	Asked    int
	Speaking int // of those asked, they answered with samples
	Hashes   int // in these samples
}

// heatmap counts by the first two bytes of IDs. A count belongs to the sweep that was there last: the first one of
// the next sweep starts a cell anew, so that what is ahead of the cursor shows the sweep before.
type heatmap struct {
	coarse [256]cell       // by the first byte: the sums of the fine cells
	fine   [256 * 256]cell // by the first two bytes
}

type cell struct {
	sweep                          uint32
	nodes, asked, speaking, hashes uint32
	answered                       [wire.Families]uint32
}

// at lets count change the cells of a key.
func (h *heatmap) at(key uint64, sweep int, count func(*cell)) {
	for _, c := range [...]*cell{&h.coarse[key>>56], &h.fine[key>>48]} {
		if c.sweep != uint32(sweep) {
			*c = cell{sweep: uint32(sweep)}
		}
		count(c)
	}
}

func (h *heatmap) heard(key uint64, sweep int) { h.at(key, sweep, func(c *cell) { c.nodes++ }) }
func (h *heatmap) asked(key uint64, sweep int) { h.at(key, sweep, func(c *cell) { c.asked++ }) }

func (h *heatmap) answered(key uint64, sweep int, family wire.Family) {
	h.at(key, sweep, func(c *cell) { c.answered[family]++ })
}

func (h *heatmap) sampled(key uint64, sweep, hashes int) {
	h.at(key, sweep, func(c *cell) { c.speaking++; c.hashes += uint32(hashes) })
}

// below counts the nodes of a family that answered in a sweep, in the fine cells that are wholly below a key, and
// returns the share of the keyspace that these cells are.
func (h *heatmap) below(key uint64, sweep int, family wire.Family) (answered int, share float64) {
	end := key >> 48
	if key == ^uint64(0) {
		end = uint64(len(h.fine))
	}
	whole := end >> 8 // the first coarse cells stand for their fine ones
	for _, cells := range [...][]cell{h.coarse[:whole], h.fine[whole<<8 : end]} {
		for i := range cells {
			if c := &cells[i]; c.sweep == uint32(sweep) {
				answered += int(c.answered[family])
			}
		}
	}
	return answered, float64(end) / float64(len(h.fine))
}

// overview returns the cells by the first byte.
func (h *heatmap) overview() (cells [256]Cell) {
	for i := range cells {
		cells[i] = h.coarse[i].export()
	}
	return cells
}

// zoom returns the cells of one first byte by the second.
func (h *heatmap) zoom(prefix byte) (cells [256]Cell) {
	for i := range cells {
		cells[i] = h.fine[int(prefix)<<8|i].export()
	}
	return cells
}

func (c *cell) export() Cell {
	return Cell{Nodes: int(c.nodes), Asked: int(c.asked), Speaking: int(c.speaking), Hashes: int(c.hashes)}
}
