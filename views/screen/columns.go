package screen

import (
	"encoding/hex"
	"net/netip"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
	"dhtop/views/text"
)

// The helpers below are columns of filters that several lists have.

func textColumn[R any](name, help string, of func(dst []byte, r *R) []byte, aliases ...string) filter.Column[R] {
	return filter.Column[R]{Field: filter.Field{Name: name, Aliases: aliases, Help: help}, Text: of}
}

func numberColumn[R any](name, help string, of func(r *R) int, aliases ...string) filter.Column[R] {
	return filter.Column[R]{Field: filter.Field{Name: name, Aliases: aliases, Kind: filter.Number, Help: help},
		Number: func(r *R) float64 { return float64(of(r)) }}
}

// durationColumn is a column of times taken, which are not known while they are 0.
func durationColumn[R any](name, help string, of func(r *R) time.Duration, aliases ...string) filter.Column[R] {
	return filter.Column[R]{Field: filter.Field{Name: name, Aliases: aliases, Kind: filter.Duration, Help: help},
		Number: func(r *R) float64 { return filter.Seconds(of(r)) }}
}

// wordColumn is a column with one of a few words, "" for none.
func wordColumn[R any](name, help string, of func(r *R) string, values []string, aliases ...string) filter.Column[R] {
	return filter.Column[R]{Field: filter.Field{Name: name, Aliases: aliases, Kind: filter.Enum, Help: help, Values: values},
		Text: func(dst []byte, r *R) []byte { return append(dst, of(r)...) }}
}

// glyphColumn is the glyph beside a state.
func glyphColumn[R any](word func(r *R) string) filter.Column[R] {
	return filter.Column[R]{Text: func(dst []byte, r *R) []byte { return appendGlyph(dst, word(r)) }}
}

func yesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func appendID(dst []byte, id dhtcore.ID) []byte {
	if id.Zero() {
		return dst
	}
	return hex.AppendEncode(dst, id[:])
}

// addrColumns are the columns of an address, as much of it as is shown.
func addrColumns[R any](of func(r *R) (netip.AddrPort, text.Privacy)) filter.Table[R] {
	shown := func(dst []byte, r *R) []byte {
		addr, p := of(r)
		return text.AppendAddr(dst, addr, p)
	}
	return filter.Table[R]{
		textColumn("addr", "address and port", shown, "address"),
		{Field: filter.Field{Name: "net", Kind: filter.Net, Help: "start or network of the address", Aside: true}, Text: shown},
		wordColumn("ip", "address family", func(r *R) string {
			if addr, _ := of(r); dhtcore.FamilyOf(addr.Addr()) == dhtcore.IPv6 {
				return "v6"
			}
			return "v4"
		}, []string{"v4", "v6"}, "family"),
		{Field: filter.Field{Name: "port", Kind: filter.Number, Help: "of the address"}, Number: func(r *R) float64 {
			addr, p := of(r)
			return filter.Known(float64(addr.Port()), p == text.Whole)
		}},
	}
}
