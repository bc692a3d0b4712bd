package metadata

import "math"

// maxDepth bounds the nesting of a value. A file tree (BEP 52) is as deep as its directories; a megabyte of
// "l"s is refused at the first hundred.
const maxDepth = 100

// cursor reads bencoded bytes in place, without allocation or recursion. Once bad is set, it reads nothing
// more.
type cursor struct {
	b   []byte
	i   int
	bad bool
}

// at reports whether the next byte is ch.
func (c *cursor) at(ch byte) bool { return !c.bad && c.i < len(c.b) && c.b[c.i] == ch }

// open steps into a container that starts with ch, and reports whether it did. It skips a value of another
// kind.
func (c *cursor) open(ch byte) bool {
	if !c.at(ch) {
		c.skip()
		return false
	}
	c.i++
	return true
}

// more reports whether the open container has another value, and steps out of it if not.
func (c *cursor) more() bool {
	if c.at('e') {
		c.i++
		return false
	}
	c.bad = c.bad || c.i >= len(c.b)
	return !c.bad
}

// dict iterates over the keys of a dictionary. The body of the loop must read or skip the value of each key.
// A value of another kind is skipped, like an empty dictionary.
func (c *cursor) dict() func(yield func(key []byte) bool) {
	return func(yield func(key []byte) bool) {
		if !c.open('d') {
			return
		}
		for c.more() {
			key := c.str()
			if c.bad || !yield(key) {
				return
			}
		}
	}
}

// str reads one byte string.
func (c *cursor) str() []byte {
	n, start := 0, c.i
	for ; !c.bad && c.i < len(c.b) && c.b[c.i]-'0' <= 9 && n <= len(c.b); c.i++ {
		n = n*10 + int(c.b[c.i]-'0')
	}
	if c.i == start || !c.at(':') || n > len(c.b)-c.i-1 {
		c.bad = true
		return nil
	}
	from := c.i + 1
	c.i = from + n
	return c.b[from:c.i:c.i]
}

// text reads a byte string. It skips another value and returns nil.
func (c *cursor) text() []byte {
	if c.at('i') || c.at('l') || c.at('d') {
		c.skip()
		return nil
	}
	return c.str()
}

// number reads an integer. It skips another value and returns -1, which is invalid because all numbers here
// are sizes. A number beyond int64 becomes the largest one.
func (c *cursor) number() (v int64) {
	if !c.at('i') {
		c.skip()
		return -1
	}
	c.i++
	negative := c.at('-')
	if negative {
		c.i++
	}
	start := c.i
	for ; c.i < len(c.b) && c.b[c.i]-'0' <= 9; c.i++ {
		digit := int64(c.b[c.i] - '0')
		if v > (math.MaxInt64-digit)/10 {
			v = math.MaxInt64
			continue
		}
		v = v*10 + digit
	}
	if c.i == start || !c.at('e') {
		c.bad = true
		return -1
	}
	c.i++
	if negative {
		return -v
	}
	return v
}

// skip skips one value of any kind.
func (c *cursor) skip() {
	for depth := 0; !c.bad; {
		switch {
		case c.at('i'):
			c.number()
		case c.at('l'), c.at('d'):
			c.i++
			depth++
			c.bad = depth > maxDepth
		case c.at('e') && depth > 0:
			c.i++
			depth--
		default:
			c.str()
		}
		if depth == 0 {
			return
		}
	}
}

// value skips one value of any kind and returns it, still bencoded.
func (c *cursor) value() []byte {
	from := c.i
	c.skip()
	return c.b[from:c.i:c.i]
}
