package portmap

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/huin/goupnp"
	"github.com/huin/goupnp/dcps/internetgateway2"
	"github.com/huin/goupnp/soap"

	"dhtop/dhtcore/printable"
)

// description is what a mapping is called in the list of the router.
const description = "dhtop"

// maxName is how many bytes of a router's name are shown.
const maxName = 40

// The error codes of UPnP that matter (IGD 1 and 2, WANIPConnection).
const (
	upnpNotAuthorized  = 606
	upnpNoSuchEntry    = 714
	upnpConflict       = 718
	upnpSamePorts      = 724 // external and internal ones have to be the same
	upnpPermanentOnly  = 725
	upnpWithMechanism  = 729 // taken by something else in the router
	upnpNotImplemented = 501
)

// service is a connection of a router: WANIPConnection 1 or 2, or WANPPPConnection. goupnp has a type for each.
type service interface {
	AddPortMappingCtx(ctx context.Context, remote string, external uint16, transport string, internal uint16, client string, enabled bool, description string, seconds uint32) error
	DeletePortMappingCtx(ctx context.Context, remote string, external uint16, transport string) error
	GetExternalIPAddressCtx(ctx context.Context) (string, error)
	GetSpecificPortMappingEntryCtx(ctx context.Context, remote string, external uint16, transport string) (internal uint16, client string, enabled bool, description string, seconds uint32, err error)
}

// anyPort is a service that finds a free port by itself: WANIPConnection 2.
type anyPort interface {
	AddAnyPortMappingCtx(ctx context.Context, remote string, external uint16, transport string, internal uint16, client string, enabled bool, description string, seconds uint32) (uint16, error)
}

// upnp is a router that speaks UPnP, for IPv4.
type upnp struct {
	web   *gatewayWeb
	model string
	service
}

func (*upnp) word() string   { return "UPnP" }
func (u *upnp) name() string { return u.model }
func (u *upnp) close()       { u.web.CloseIdleConnections() }

// describe reads the description of a router at a place.
func describe(ctx context.Context, client *http.Client, place *url.URL) (*goupnp.RootDevice, error) {
	res, err := fetch(ctx, client, place.String())
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	root := new(goupnp.RootDevice)
	d := xml.NewDecoder(res.Body)
	d.DefaultSpace = goupnp.DeviceXMLNamespace
	if err := d.Decode(root); err != nil {
		return nil, refusal("the router describes itself in broken XML")
	}
	base := place
	if root.URLBaseStr != "" {
		if base, err = url.Parse(root.URLBaseStr); err != nil {
			base = place
		}
	}
	root.SetURLBase(base)
	return root, nil
}

// services returns the connections that a router describes, those with the newer standard first.
func services(root *goupnp.RootDevice, place *url.URL, client *http.Client) (all []service) {
	second, _ := internetgateway2.NewWANIPConnection2ClientsFromRootDevice(root, place) // the error is that there is none
	for _, c := range second {
		c.SOAPClient.HTTPClient = *client
		all = append(all, c)
	}
	first, _ := internetgateway2.NewWANIPConnection1ClientsFromRootDevice(root, place)
	for _, c := range first {
		c.SOAPClient.HTTPClient = *client
		all = append(all, c)
	}
	ppp, _ := internetgateway2.NewWANPPPConnection1ClientsFromRootDevice(root, place)
	for _, c := range ppp {
		c.SOAPClient.HTTPClient = *client
		all = append(all, c)
	}
	return all
}

// modelOf returns the name of a router.
func modelOf(root *goupnp.RootDevice) string {
	return printable.Cut([]byte(root.Device.FriendlyName), maxName)
}

// searchUPnP finds a connection of the gateway that is up. A router may describe several, of which some answer to nothing.
func (s *side) searchUPnP(ctx context.Context) (protocol, error) {
	client, web := webClient(s.route.Gateway, s.localOfSockets(), s.mapper.cfg.Device, s.mapper.net.request)
	var up *upnp
	failed := errSilent
	err := s.discover(ctx, s.route.Gateway, s.route.Local, func(place *url.URL) bool {
		root, err := describe(ctx, client, place)
		if err != nil {
			failed = err
			return false
		}
		for _, c := range services(root, place, client) {
			u := &upnp{web: web, model: modelOf(root), service: c}
			outer, err := u.external(ctx)
			switch {
			case err != nil:
				failed = err
			case !outer.IsValid():
				failed = errUnconnected
			default:
				up = u
				return true
			}
		}
		return false
	})
	switch {
	case up != nil:
		return up, nil
	case errors.Is(err, context.DeadlineExceeded):
		err = failed
	}
	return nil, err
}

// localOfSockets is the address that sockets are bound to, invalid for any.
func (s *side) localOfSockets() netip.Addr {
	if s.mapper.net.fromLocal {
		return s.route.Local
	}
	return netip.Addr{}
}

func (u *upnp) external(ctx context.Context) (netip.Addr, error) {
	text, err := u.GetExternalIPAddressCtx(ctx)
	if err != nil {
		return netip.Addr{}, upnpError(err)
	}
	ip, err := netip.ParseAddr(text)
	if err != nil || !ip.Is4() || !sensible(netip.AddrPortFrom(ip, 1)) {
		return netip.Addr{}, nil
	}
	return ip, nil
}

func (u *upnp) grant(ctx context.Context, l *lease, wish uint16, life time.Duration) error {
	transport, client, seconds := l.port.Transport.String(), l.internal.Addr().String(), uint32(life/time.Second)
	outer, err := u.external(ctx)
	if err != nil {
		return err
	}
	if !outer.IsValid() {
		return errUnconnected
	}
	port := wish
	if any, ok := u.service.(anyPort); ok && !l.standing() {
		port, err = any.AddAnyPortMappingCtx(ctx, "", wish, transport, l.internal.Port(), client, true, description, seconds)
	} else {
		err = u.AddPortMappingCtx(ctx, "", wish, transport, l.internal.Port(), client, true, description, seconds)
	}
	if codeOf(err) == upnpPermanentOnly {
		life = 0
		err = u.AddPortMappingCtx(ctx, "", wish, transport, l.internal.Port(), client, true, description, 0)
	}
	switch codeOf(err) {
	case upnpConflict, upnpWithMechanism:
		return errTaken
	}
	if err != nil {
		return upnpError(err)
	}
	external := netip.AddrPortFrom(outer, port)
	if !sensible(external) {
		return errNonsense
	}
	l.granted(external, life, DefaultLifetime, time.Now())
	return nil
}

func (u *upnp) withdraw(ctx context.Context, l *lease) error {
	return u.DeletePortMappingCtx(ctx, "", l.external.Port(), l.port.Transport.String())
}

// check looks the first mapping up.
func (u *upnp) check(ctx context.Context, leases []*lease) error {
	if len(leases) == 0 {
		return nil
	}
	l := leases[0]
	port, client, _, _, _, err := u.GetSpecificPortMappingEntryCtx(ctx, "", l.external.Port(), l.port.Transport.String())
	switch {
	case codeOf(err) == upnpNoSuchEntry:
		return errForgotten
	case codeOf(err) != 0:
		return nil // it does not tell
	case err != nil:
		return upnpError(err)
	case port != l.internal.Port() || client != l.internal.Addr().String():
		return errForgotten
	}
	return nil
}

// codeOf returns the code of an error of UPnP, 0 for none.
func codeOf(err error) int {
	if fault, ok := errors.AsType[*soap.SOAPFaultError](err); ok {
		return max(fault.Detail.UPnPError.Errorcode, 1)
	}
	return 0
}

// upnpError is an error of goupnp in words for people.
func upnpError(err error) error {
	code := codeOf(err)
	switch {
	case err == nil:
		return nil
	case code == upnpNotAuthorized:
		return refusal("the router refuses: it does not allow that")
	case code == upnpSamePorts, code == upnpNotImplemented:
		return refusal("the router refuses: it cannot do that")
	case code > 1:
		return refusal(fmt.Sprintf("the router refuses with the UPnP error %d", code))
	case code == 1:
		return refusal("the router refuses")
	}
	switch text := err.Error(); { // goupnp keeps the words of an error alone
	case strings.Contains(text, errElsewhere.Error()):
		return refusal(errElsewhere.Error())
	case strings.Contains(text, "decoding"), strings.Contains(text, "unmarshal"):
		return errNonsense
	}
	return errSilent
}
