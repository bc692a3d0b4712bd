package tracker

import (
	"bytes"
	"net/netip"
)

// head is what matters of the head of an HTTP request. It aliases the bytes that it was read from.
type head struct {
	path, query  []byte
	close        bool // after the answer
	hasBody      bool // which is not read: what follows the head is no request
	forwardedFor []byte
	realIP       []byte
}

// The answers of HTTP itself.
const (
	statusOK         = "200 OK"
	statusBadRequest = "400 Bad Request"
	statusNotFound   = "404 Not Found"
	statusMethod     = "405 Method Not Allowed"
	statusTooLarge   = "431 Request Header Fields Too Large"
)

// headEnd returns the length of the head at the start of b with the empty line that ends it, 0 if that has not come.
// b[:from] was searched before.
func headEnd(b []byte, from int) int {
	for i := max(from-3, 0); i < len(b); i++ {
		next := bytes.IndexByte(b[i:], '\n')
		if next < 0 {
			return 0
		}
		i += next
		switch rest := b[i+1:]; {
		case len(rest) > 0 && rest[0] == '\n':
			return i + 2
		case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
			return i + 3
		}
	}
	return 0
}

// parseHead reads a whole head. status is what to answer unless it is statusOK.
func parseHead(b []byte, h *head) (status string) {
	*h = head{}
	line, rest := cutLine(b)
	method, line, ok := bytes.Cut(line, []byte(" "))
	target, version, ok2 := bytes.Cut(line, []byte(" "))
	if !ok || !ok2 || len(target) == 0 || bytes.IndexByte(version, ' ') >= 0 {
		return statusBadRequest
	}
	switch string(version) {
	case "HTTP/1.1":
	case "HTTP/1.0":
		h.close = true
	default:
		return statusBadRequest
	}
	for len(rest) > 0 {
		if line, rest = cutLine(rest); len(line) == 0 {
			break
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t") { // a proxy before us may read it as another name
			return statusBadRequest
		}
		h.field(name, bytes.TrimSpace(value))
	}
	h.close = h.close || h.hasBody
	if string(method) != "GET" {
		return statusMethod
	}
	if target[0] != '/' { // the absolute form that proxies send
		_, after, ok := bytes.Cut(target, []byte("://"))
		slash := bytes.IndexByte(after, '/')
		if !ok || slash < 0 {
			return statusBadRequest
		}
		target = after[slash:]
	}
	h.path, h.query, _ = bytes.Cut(target, []byte("?"))
	h.query, _, _ = bytes.Cut(h.query, []byte("#"))
	return statusOK
}

// cutLine cuts a line off b, without its end.
func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// field takes in one header field.
func (h *head) field(name, value []byte) {
	switch len(name) {
	case len("connection"):
		if isField(name, "connection") {
			if bytes.EqualFold(value, []byte("close")) {
				h.close = true
			} else if bytes.EqualFold(value, []byte("keep-alive")) {
				h.close = false // of HTTP/1.0
			}
		}
	case len("content-length"):
		if isField(name, "content-length") && string(value) != "0" {
			h.hasBody = true
		}
	case len("transfer-encoding"):
		if isField(name, "transfer-encoding") {
			h.hasBody = true
		}
	case len("x-forwarded-for"):
		if isField(name, "x-forwarded-for") {
			h.forwardedFor = value
		}
	case len("x-real-ip"):
		if isField(name, "x-real-ip") {
			h.realIP = value
		}
	}
}

func isField(name []byte, want string) bool { return bytes.EqualFold(name, []byte(want)) }

// source returns the address of the client: that of the connection, or what a proxy of ours says of it. Of a chain of
// proxies that is the last address that is not one of ours; what stands before it, the client itself has written.
func (h *head) source(conn netip.Addr, proxies []netip.Prefix) netip.Addr {
	if !within(conn, proxies) {
		return conn
	}
	for chain := h.forwardedFor; len(chain) > 0; {
		last := chain
		if i := bytes.LastIndexByte(chain, ','); i >= 0 {
			last, chain = chain[i+1:], chain[:i]
		} else {
			chain = nil
		}
		ip, err := netip.ParseAddr(string(bytes.TrimSpace(last)))
		if err != nil || ip.Zone() != "" {
			return conn
		}
		if ip = ip.Unmap(); !within(ip, proxies) {
			return ip
		}
	}
	if ip, err := netip.ParseAddr(string(h.realIP)); err == nil && ip.Zone() == "" {
		return ip.Unmap()
	}
	return conn
}

func within(ip netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}
