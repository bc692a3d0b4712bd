package crawl

import "math"

// spans counts by how many bits the 8 closest contacts of nodes share with them. Their mean tells how dense
// the network is.
type density [keyBits + 1]uint32

// firstSpans is the weight of what was known before, in answers.
const firstSpans = 512

// begin forgets all but a mean that was known before; 0 when none was.
func (s *density) begin(mean float64) {
	*s = density{}
	if whole, part := math.Modf(mean); mean > 0 && mean < keyBits {
		s[int(whole)] = uint32((1 - part) * firstSpans)
		s[int(whole)+1] = uint32(part * firstSpans)
	}
}

// mean returns the mean of the middle half, or the mean while they are few: nodes that make up contacts seem
// to live where it is dense, and where a region is full of them they would be most of the last answers.
func (s *density) mean() float64 {
	total, before, sum, count := 0.0, 0.0, 0.0, 0.0
	for _, n := range s {
		total += float64(n)
	}
	for bits, n := range s {
		after := before + float64(n)
		inside := max(min(after, total*3/4)-max(before, total/4), 0)
		sum += inside * float64(bits)
		count += inside
		before = after
	}
	return sum / max(count, 1e-9)
}
