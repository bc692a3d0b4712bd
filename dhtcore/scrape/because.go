package scrape

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"dhtop/dhtcore/human"
)

// failure is what a tracker says in place of an answer, as it may be printed.
type failure struct{ text string }

func (f *failure) Error() string {
	if f.text == "" {
		return "the tracker refuses, without a reason"
	}
	return "the tracker says: " + f.text
}

// because returns an error that a person reads for one of a scrape that took so long.
func because(ctx context.Context, err error, took time.Duration) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // without the URL, which stands beside it
	}
	dns, isDNS := errors.AsType[*net.DNSError](err)
	network, isNetwork := errors.AsType[net.Error](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, isHostname := errors.AsType[x509.HostnameError](err)
	_, isPlain := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("cut short after %s: %w", human.Duration(took), context.Canceled)
	case isDNS && dns.IsNotFound:
		return fmt.Errorf("there is no host %s: check the name, or drop the tracker", dns.Name)
	case isDNS:
		return fmt.Errorf("the DNS does not answer for %s: check your connection", dns.Name)
	case ctx.Err() != nil, isNetwork && network.Timeout():
		return fmt.Errorf("no answer within %s: it may be gone, or a firewall drops it", human.Duration(took))
	case isHostname, isCertificate:
		return fmt.Errorf("its certificate is not valid, so it may be an impostor: %s", certificate(err))
	case isPlain, errors.Is(err, http.ErrSchemeMismatch):
		return errors.New("it does not speak TLS there: try http:// in place of https://")
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("connection refused: no tracker listens on that port")
	case errors.Is(err, net.ErrClosed):
		return errors.New("cut short: the socket is closed")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return errors.New("the tracker hung up without an answer: try again later")
	}
	if strings.Contains(err.Error(), "malformed HTTP") {
		return errors.New("its answer is no HTTP: another program listens on that port")
	}
	return human.Cause(err)
}

// certificate says what is wrong with a certificate.
func certificate(err error) string {
	if verify, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		err = verify.Err
	}
	return strings.TrimPrefix(err.Error(), "x509: ")
}
