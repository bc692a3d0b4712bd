package tracker

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

func appendInt(dst []byte, key string, n int) []byte {
	dst = append(appendString(dst, key), 'i')
	return append(strconv.AppendInt(dst, int64(n), 10), 'e')
}

func appendString[T string | []byte](dst []byte, s T) []byte {
	dst = append(strconv.AppendInt(dst, int64(len(s)), 10), ':')
	return append(dst, s...)
}

// appendFailure appends the bencoded answer to a request that is refused (BEP 3, BEP 31).
func appendFailure(dst []byte, f *failure) []byte {
	dst = appendString(append(dst, 'd'), "failure reason")
	dst = appendString(dst, f.reason)
	if f.never {
		dst = appendString(dst, "retry in")
		dst = appendString(dst, "never")
	}
	return append(dst, 'e')
}

// appendAnnounced appends the bencoded answer to an announce.
func appendAnnounced(dst []byte, q *announceQuery, c peers.Counts, interval time.Duration, sel *peers.Selection) []byte {
	dst = appendInt(append(dst, 'd'), "complete", c.Seeds)
	dst = appendInt(dst, "downloaded", c.Completed)
	dst = appendString(dst, "external ip") // BEP 24
	if ip := q.Source.Addr(); ip.Is4() {
		a := ip.As4()
		dst = appendString(dst, a[:])
	} else {
		a := ip.As16()
		dst = appendString(dst, a[:])
	}
	dst = appendInt(dst, "incomplete", c.Leechers)
	seconds := int(interval / time.Second)
	dst = appendInt(dst, "interval", seconds)
	dst = appendInt(dst, "min interval", max(seconds/2, 1))
	dst = appendString(dst, "peers")
	if !q.compact {
		dst = append(dst, 'l')
		dst = appendEntries(dst, sel.V4, wire.IPv4, sel.IDs)
		dst = appendEntries(dst, sel.V6, wire.IPv6, sel.IDs)
		return append(dst, 'e', 'e')
	}
	dst = appendString(dst, sel.V4)
	if len(sel.V6) > 0 || q.Source.Addr().Is6() {
		dst = appendString(dst, "peers6") // BEP 7
		dst = appendString(dst, sel.V6)
	}
	return append(dst, 'e')
}

// appendEntries appends peers as dictionaries; with ids each has a peer ID.
func appendEntries(dst, compact []byte, f wire.Family, ids bool) []byte {
	size, ipLen := f.AddrLen(), f.IPLen()
	if ids {
		size += 20
	}
	var text [48]byte
	for ; len(compact) >= size; compact = compact[size:] {
		ip, _ := netip.AddrFromSlice(compact[:ipLen])
		dst = appendString(append(dst, 'd'), "ip")
		dst = appendString(dst, ip.AppendTo(text[:0]))
		if ids {
			dst = appendString(dst, "peer id")
			dst = appendString(dst, compact[ipLen+2:size])
		}
		dst = append(appendInt(dst, "port", int(binary.BigEndian.Uint16(compact[ipLen:]))), 'e')
	}
	return dst
}

// appendScraped appends the entry of one hash in the answer to a scrape (BEP 48, BEP 21).
func appendScraped(dst []byte, hash *wire.ID, c peers.Counts) []byte {
	dst = append(appendString(dst, hash[:]), 'd')
	dst = appendInt(dst, "complete", c.Seeds)
	dst = appendInt(dst, "downloaded", c.Completed)
	dst = appendInt(dst, "downloaders", c.Leechers-c.Partial)
	dst = appendInt(dst, "incomplete", c.Leechers)
	return append(dst, 'e')
}

// appendScrape appends the bencoded answer to a scrape: each hash once, in order, as keys of a dictionary are.
func appendScrape(dst []byte, hashes []wire.ID, counts func(hash [20]byte) peers.Counts) []byte {
	slices.SortFunc(hashes, func(a, b wire.ID) int { return bytes.Compare(a[:], b[:]) })
	dst = append(appendString(append(dst, 'd'), "files"), 'd')
	for _, hash := range slices.Compact(hashes) {
		dst = appendScraped(dst, &hash, counts(hash))
	}
	return append(dst, 'e', 'e')
}
