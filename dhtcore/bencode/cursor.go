// Package bencode reads bencoded values in place (BEP 3): the torrents, the messages of peers and the replies of
// trackers. dhtcore/wire has its own reader for packets, which keeps what is odd about them.
//
// A Cursor belongs to one goroutine; the package has no state.
package bencode

import "math"

// maxDepth bounds the nesting of a value. A file tree (BEP 52) is as deep as its directories; a megabyte of
// "l"s is refused at the first hundred.
const maxDepth = 100

// Cursor reads Bytes from Pos on, without allocation or recursion. Once Bad is set, as what follows is no bencode, it
// reads nothing more. What it returns is part of Bytes.
type Cursor struct {
	Bytes []byte
	Pos   int
	Bad   bool
}

// At reports whether the next byte is ch.
func (c *Cursor) At(ch byte) bool { return !c.Bad && c.Pos < len(c.Bytes) && c.Bytes[c.Pos] == ch }

// Open steps into a container that starts with ch, and reports whether it did. It skips a value of another
// kind.
func (c *Cursor) Open(ch byte) bool {
	if !c.At(ch) {
		c.Skip()
		return false
	}
	c.Pos++
	return true
}

// More reports whether the open container has another value, and steps out of it if not.
func (c *Cursor) More() bool {
	if c.At('e') {
		c.Pos++
		return false
	}
	c.Bad = c.Bad || c.Pos >= len(c.Bytes)
	return !c.Bad
}

// Dict iterates over the keys of a dictionary. The body of the loop must read or skip the value of each key.
// A value of another kind is skipped, like an empty dictionary.
func (c *Cursor) Dict() func(yield func(key []byte) bool) {
	return func(yield func(key []byte) bool) {
		if !c.Open('d') {
			return
		}
		for c.More() {
			key := c.Str()
			if c.Bad || !yield(key) {
				return
			}
		}
	}
}

// Str reads one byte string.
func (c *Cursor) Str() []byte {
	n, start := 0, c.Pos
	for ; !c.Bad && c.Pos < len(c.Bytes) && c.Bytes[c.Pos]-'0' <= 9 && n <= len(c.Bytes); c.Pos++ {
		n = n*10 + int(c.Bytes[c.Pos]-'0')
	}
	if c.Pos == start || !c.At(':') || n > len(c.Bytes)-c.Pos-1 {
		c.Bad = true
		return nil
	}
	from := c.Pos + 1
	c.Pos = from + n
	return c.Bytes[from:c.Pos:c.Pos]
}

// Text reads a byte string. It skips another value and returns nil.
func (c *Cursor) Text() []byte {
	if c.At('i') || c.At('l') || c.At('d') {
		c.Skip()
		return nil
	}
	return c.Str()
}

// Number reads an integer. It skips another value and returns -1, which is invalid because all numbers here
// are sizes. A number beyond int64 becomes the largest one.
func (c *Cursor) Number() (v int64) {
	if !c.At('i') {
		c.Skip()
		return -1
	}
	c.Pos++
	negative := c.At('-')
	if negative {
		c.Pos++
	}
	start := c.Pos
	for ; c.Pos < len(c.Bytes) && c.Bytes[c.Pos]-'0' <= 9; c.Pos++ {
		digit := int64(c.Bytes[c.Pos] - '0')
		if v > (math.MaxInt64-digit)/10 {
			v = math.MaxInt64
			continue
		}
		v = v*10 + digit
	}
	if c.Pos == start || !c.At('e') {
		c.Bad = true
		return -1
	}
	c.Pos++
	if negative {
		return -v
	}
	return v
}

// Skip skips one value of any kind.
func (c *Cursor) Skip() {
	for depth := 0; !c.Bad; {
		switch {
		case c.At('i'):
			c.Number()
		case c.At('l'), c.At('d'):
			c.Pos++
			depth++
			c.Bad = depth > maxDepth
		case c.At('e') && depth > 0:
			c.Pos++
			depth--
		default:
			c.Str()
		}
		if depth == 0 {
			return
		}
	}
}

// Value skips one value of any kind and returns it, still bencoded.
func (c *Cursor) Value() []byte {
	from := c.Pos
	c.Skip()
	return c.Bytes[from:c.Pos:c.Pos]
}
