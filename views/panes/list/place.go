package list

import (
	"net/netip"

	"dhtop/views/canvas"
	"dhtop/views/screen"
)

// PlaceColumn is the column of the country and the network operator of an address. It is left out where no files tell them.
func PlaceColumn[V any](drop int, of func(*V) (ip netip.Addr, st *screen.State)) Column[V] {
	return Column[V]{Title: "where", About: "The country of the address and the operator of its network, as the files of --mmdb tell.",
		Width: 11, Want: 24, Grow: 9, Drop: drop,
		Fit: func(c canvas.Column, v *V) canvas.Column {
			if _, st := of(v); st == nil || !st.Places.Known() {
				c.Width = 0
			}
			return c
		},
		Cell: func(line canvas.Area, sp canvas.Span, v *V) {
			ip, st := of(v)
			OrDash(line, sp, Where(st, ip))
		}}
}

// Where names the country and the network operator of an address, "" for an unknown place.
func Where(st *screen.State, ip netip.Addr) string {
	p := st.Places.Of(ip)
	if p.Org == "" {
		return p.String()
	}
	return p.String() + " " + p.Org
}
