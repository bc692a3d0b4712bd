package crawl

// grid counts by the first two bytes of IDs. A count belongs to the sweep that was there last: the first
// one of the next sweep starts a cell anew, so that what is ahead of it shows the sweep before.
type heatmap struct {
	cells [256]cell
	fine  [256 * 256]cell
}

type cell struct {
	sweep                          uint32
	nodes, asked, speaking, hashes uint32
	answered                       [2]uint32 // of IPv4 and IPv6
}

// at lets count change the cells of a key.
func (g *heatmap) at(key uint64, sweep int, count func(*cell)) {
	for _, c := range [...]*cell{&g.cells[key>>56], &g.fine[key>>48]} {
		if c.sweep != uint32(sweep) {
			*c = cell{sweep: uint32(sweep)}
		}
		count(c)
	}
}

func (g *heatmap) heard(key uint64, sweep int) { g.at(key, sweep, func(c *cell) { c.nodes++ }) }
func (g *heatmap) asked(key uint64, sweep int) { g.at(key, sweep, func(c *cell) { c.asked++ }) }

func (g *heatmap) answered(key uint64, sweep, family int) {
	g.at(key, sweep, func(c *cell) { c.answered[family]++ })
}

func (g *heatmap) sampled(key uint64, sweep, hashes int) {
	g.at(key, sweep, func(c *cell) { c.speaking++; c.hashes += uint32(hashes) })
}

// below counts the answers of a family in a sweep from the fine cells that are wholly below a key, and returns the
// share of the key space that these are.
func (g *heatmap) below(key uint64, sweep, family int) (answered int, share float64) {
	end := key >> 48
	if key == ^uint64(0) {
		end = uint64(len(g.fine))
	}
	whole := end >> 8 // first bytes, of whose fine cells the coarse ones are the sums
	for _, cells := range [...][]cell{g.cells[:whole], g.fine[whole<<8 : end]} {
		for i := range cells {
			if c := &cells[i]; c.sweep == uint32(sweep) {
				answered += int(c.answered[family])
			}
		}
	}
	return answered, float64(end) / float64(len(g.fine))
}

func (c *cell) view() Cell {
	return Cell{Nodes: int(c.nodes), Asked: int(c.asked), Speaking: int(c.speaking), Hashes: int(c.hashes)}
}
