import { formatTime, inputOf, limits } from '@postern/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../testing/properties.ts';
import { judgeFile, judgeInput } from './judge.ts';
import { bytesOf, joined, utf16Of } from './testing/pieces.ts';

function judge(
  text: string,
  name = 'C:\\inetpub\\wwwroot\\aspnet_client\\page.aspx',
): ReturnType<typeof judgeFile> {
  return judgeFile(bytesOf(text), name);
}
const codesOf = (text: string, name?: string): readonly string[] =>
  judge(text, name).traits.map((t) => t.code);

const oneLiner =
  '<{script} language="JScript" runat="{server}">function Page_Load(){{eval}({Request}["orange"],"{unsafe}");}</{script}>';

describe('pages that run what a request tells them', () => {
  it.each<readonly [string, string, string?]>([
    ['request-to-eval', oneLiner],
    ['request-to-eval', '<%@ Page Language="Jscript"%><%{eval}({Request}.Item["k"],"{unsafe}");%>'],
    [
      'request-to-eval',
      '<%@ Page Language="Jscript"%><% var a = {Request}.Headers["X-K"]; var b = a; {eval}(b, "un"+"safe"); %>',
    ],
    [
      'request-to-eval',
      '<%@ Page Language="Jscript"%><% /* a */ \\u0065val(/* b */ {Request}/**/["k"], "x") // c\n %>',
    ],
    ['request-to-eval', '<%@ Page Language="Jscript"%><% this["ev"+"al"]({Request}["k"],"x") %>'],
    ['request-to-eval', '<%@ Page Language="Jscript"%><% var p:String={Request}["k"];{eval}(p,"x") %>'],
    [
      'request-to-eval',
      '<%@ Page Language="Jscript"%><% var p="{eval}({Requ"+"est}[1])".Replace("{Requ","Requ").Replace("est}","est");{eval}(p,"x") %>',
    ],
    [
      'request-to-eval',
      '<{script} runat="{server}" language=JScript>{eval}(System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String({Request}["k"])),"x")</{script}>',
    ],
    [
      'request-to-process',
      '<%@ Page Language="C#"%><% var p = new System.Diagnostics.{Process}(); p.StartInfo.FileName = "{cmd}"; p.StartInfo.Arguments = "/c " + {Request}.Form["c"]; p.{Start}(); %>',
    ],
    [
      'request-to-process',
      '<%@ Page Language="C#"%><{script} runat={server}>string Run(string a){ return {Process}.{Start}("{cmd}", a).ToString(); } void Page_Load(object s, EventArgs e){ Response.Write(Run({Request}.QueryString["c"])); }</{script}>',
    ],
    [
      'request-to-process',
      '<%@ Page Language="C#"%><{script} runat={server}>void Go(object s, EventArgs e){ {Process}Info(); {Process}.{Start}("{cmd}", "/c " + box.Text); }</{script}><form runat=server><asp:TextBox id="box" runat="server"/></form>',
    ],
    [
      'request-to-process',
      '<%@ Page Language="VB"%><{script} runat={server}>\nSub Page_Load(s As Object, e As EventArgs)\nDim c As String = {Request}("c")\nDim i As New {Process}StartInfo("{cmd}", "/c " & c)\nEnd Sub\n</{script}>',
    ],
    [
      'request-to-assembly',
      '<%@ WebHandler Language="C#" Class="H" %>\npublic class H : IHttpHandler { public void ProcessRequest(HttpContext x) { var d = Convert.FromBase64String(x.{Request}["k"]); System.Reflection.{Assembly}.{Load}(d).CreateInstance("A"); } }',
      'h.ashx',
    ],
    [
      'request-to-reflection',
      '<%@ Page Language="C#"%><% var d = {Request}.BinaryRead({Request}.ContentLength); typeof(System.Reflection.{Assembly}).GetMethod("Lo"+"ad", new Type[]{typeof(byte[])}).Invoke(null, new object[] { d }); %>',
    ],
    [
      'request-to-compiler',
      '<%@ Page Language="C#"%><% new Microsoft.CSharp.CSharpCodeProvider().CompileAssemblyFromSource(o, {Request}["s"]); %>',
    ],
    [
      'request-to-deserializer',
      '<%@ Page Language="C#"%><% new System.Web.UI.ObjectStateFormatter().Deserialize({Request}["v"]); %>',
    ],
    [
      'request-to-process',
      '<%@ WebService Language="C#" Class="S" %>\npublic class S : WebService { [WebMethod] public string Do(string a) { return {Process}.{Start}("{cmd}", a).ToString(); } }',
      's.asmx',
    ],
    [
      'request-to-file',
      '<%@ Page Language="C#"%><% System.IO.File.WriteAllText({Request}["f"], {Request}["d"]); %>',
    ],
    [
      'request-to-file',
      '<%@ Page Language="C#"%><% using (var w = new System.IO.StreamWriter(Server.MapPath({Request}["f"]))) { w.Write({Request}["d"]); } %>',
    ],
    [
      'request-to-page',
      '<%@ Page Language="JScript"%><% var w = new System.IO.StreamWriter(Server.MapPath("a.as"+"px")); w.Write({Request}.Item["d"]); w.Close(); %>',
    ],
    [
      'request-to-page',
      '<%@ Page Language="C#"%><% {Request}.Files[0].{SaveAs}(Server.MapPath("error.aspx")); %>',
    ],
    [
      'uploader',
      '<%@ Page Language="C#"%><% var f = {Request}.Files[0]; f.{SaveAs}(Server.MapPath(".") + "\\\\" + f.FileName); %>',
    ],
    ['uploader', '<%@ Page Language="C#"%><% {Request}.Files[0].{SaveAs}({Request}["p"]); %>'],
    [
      'writes-page',
      '<%@ WebHandler Language="C#" Class="H" %>class H { void P(HttpContext c) { System.IO.File.WriteAllText(c.Server.MapPath("q.aspx"), "<%@ Page %><%{eval}(1)%" + ">"); } }',
      'h.ashx',
    ],
    [
      'tunnel',
      '<%@ Page Language="C#"%><% var s = new System.Net.Sockets.Socket(a, b, c); s.Connect({Request}["h"], 1); s.Send({Request}.BinaryRead(9)); s.Receive(x); %>',
    ],
    ['request-to-eval', '<%{Execute}({Request}("k"))%>', 'a.asp'],
    ['request-to-eval', '<%{eval} {request}("k")%>', 'a.asp'],
    ['request-to-eval', '<% \' note\nx = {request}("k")\n{Execute}Global x %>', 'a.asp'],
    [
      'request-to-process',
      '<% Set w = CreateObject("WScr"&"ipt.Shell")\nw.{exec} "{cmd} /c " & {Request}.Form("c") %>',
      'a.asp',
    ],
    ['request-to-eval', '<{php} @{eval}({post}["k"]);', 'a.php'],
    ['request-to-process', '<{php} $c = {post}["k"]; echo {system}($c);', 'a.php'],
    ['request-to-function', '<{php} {post}["f"]({post}["a"]);', 'a.php'],
    ['request-to-eval', '<{php} call_user_func("{assert}", {post}["x"]);', 'a.php'],
    ['request-to-process', '<{php} {system}(getenv("HTTP_X"));', 'a.php'],
    ['request-to-process', '<%{Runtime}.get{Runtime}().{exec}({request}.getParameter("c"));%>', 'a.jsp'],
    [
      'request-to-process',
      '<%@ Page Language="C#"%><?xml version="1.0"?><msxsl:script language="JScript"><![CDATA[function x(){ new ActiveXObject("WScript.Shell").{exec}({Request}.Item["c"]) }]]></msxsl:script>',
    ],
  ])('%s: %s', (code, page, name) => {
    const found = judge(page ?? '', name);
    expect(found.traits.map((t) => t.code)).toContain(code);
    expect(found.verdict).toBe('remote-control');
  });

  it('names the line and the byte of what made the verdict, and the key', () => {
    const before = '<%@ Page Language="Jscript"%>\r\n<p>Grüße</p>\r\n<% ';
    const page = `${before}{eval}({Request}["schlüssel"],"{unsafe}"); %>`;
    const found = judge(page);
    expect(found.traits).toEqual([
      expect.objectContaining({
        code: 'request-to-eval',
        line: 3,
        offset: new TextEncoder().encode(before).length,
      }),
    ]);
    expect(found.parameters).toEqual(['schlüssel']);
    expect(found.family).toBe('China Chopper');
  });

  it('does not care about letter case, white space and entities in tags', () => {
    const page = '<SCRIPT  LANGUAGE = jscript\n\tRunAt = "&#115;erver" >{eval}({Request}["k"],"x")</SCRIPT >';
    expect(judge(page).verdict).toBe('remote-control');
  });

  it.each([
    ['UTF-8 with its mark', () => bytesOf(`\ufeff${oneLiner}`)],
    ['UTF-16 with its mark', () => utf16Of(oneLiner, { mark: true })],
    ['UTF-16 without', () => utf16Of(oneLiner, {})],
    ['UTF-16 big endian', () => utf16Of(oneLiner, { bigEndian: true, mark: true })],
    ['UTF-16 big endian without', () => utf16Of(oneLiner, { bigEndian: true })],
    ['zeros between', () => bytesOf(oneLiner.replaceAll('(', '\0(\0'))],
    [
      'bytes of no encoding',
      () => Uint8Array.from([...bytesOf('<p>'), 0xe9, 0xff, 0xfe, ...bytesOf(oneLiner)]),
    ],
  ])('reads %s', (_, bytes) => {
    expect(judgeFile(bytes(), 'x.aspx').verdict).toBe('remote-control');
  });

  it('gives offsets in bytes for UTF-16 too', () => {
    const [trait] = judgeFile(utf16Of(`<p>\n</p>${oneLiner}`, { mark: true }), 'x.aspx').traits;
    const at = joined(`<p>\n</p>${oneLiner}`).indexOf(joined('{eval}('));
    expect(trait).toMatchObject({ line: 2, offset: 2 + 2 * at });
  });
});

describe('what a server would not run', () => {
  it.each([
    'a.txt',
    'rules.yar',
    'hunt.ps1',
    'report.html',
    'notes.md',
    'findings.jsonl',
    'scan.py',
    'a.cs',
    'noending',
  ])('is not judged in %s', (name) =>
    expect(judgeFile(bytesOf(oneLiner), name)).toMatchObject({ verdict: 'not-judged', traits: [] }),
  );

  it.each([
    ['a comment of the server', `<%@ Page Language="C#"%><%-- ${oneLiner} --%>`],
    [
      'a comment of the language',
      '<%@ Page Language="C#"%><% /* {Process}.{Start}({Request}["c"]) */ // {eval}({Request}["c"])\n %>',
    ],
    ['script for the browser', '<%@ Page Language="C#"%><script>{eval}(Request["k"])</script>'],
    [
      'data binding',
      '<%@ Page Language="C#"%><%# {Eval}("Name") %><%# DataBinder.{Eval}(Container.DataItem, "Id") %>',
    ],
    [
      'VB comments',
      '<%@ Page Language="VB"%><{script} runat={server}>\n\' {Process}.{Start}({Request}("c"))\nREM {Process}.{Start}({Request}("c"))\n</{script}>',
    ],
  ])('%s', (_, page) => expect(judge(page)).toMatchObject({ verdict: 'benign', traits: [] }));
});

describe('genuine pages', () => {
  it.each([
    [
      'a logon page',
      '<%@ Page language="c#" AutoEventWireup="false" Inherits="Vendor.Web.Logon" %>\n<% if (ShowReason) { %><p><%= Localized(Strings.Reason) %></p><% } %>\n' +
        '<form action="<%= Encode(Request.QueryString["url"]) %>" method="post"><input name="username"/></form>\n<script>var a = "<%= Request.UserAgent %>"; eval("1");</script>',
    ],
    [
      'a page with code behind',
      '<%@ Page Language="C#" CodeBehind="Default.aspx.cs" Inherits="App._Default" %><form runat="server"><asp:ScriptManager runat="server"/><asp:TextBox ID="Name" runat="server"/></form>',
    ],
    [
      'a handler that sends files of a fixed folder',
      '<%@ WebHandler Language="C#" Class="Img" %>\npublic class Img : IHttpHandler { public void ProcessRequest(HttpContext c) { int id = int.Parse(c.Request["id"]); c.Response.WriteFile(c.Server.MapPath("~/img/" + id + ".png")); } }',
    ],
    [
      'a page that asks a database',
      '<%@ Page Language="VB" %><script runat="server">\nSub Find(s As Object, e As EventArgs)\n  Dim cmd As New SqlCommand("select * from t where n=@n", con)\n  cmd.Parameters.Add("@n", box.Text)\n  cmd.ExecuteReader()\nEnd Sub\n</script><asp:TextBox id="box" runat="server" />',
    ],
    [
      'a counter kept in a text file',
      '<%@ Page Language="C#" %><script runat="server">void Page_Load(object s, EventArgs e){ var p = Server.MapPath("~/App_Data/log.txt"); System.IO.File.AppendAllText(p, Request.UserHostAddress + Request.QueryString["v"]); }</script>',
    ],
    [
      'an upload that looks at the ending',
      '<%@ Page Language="C#" %><script runat="server">void Up(object s, EventArgs e){ if (System.IO.Path.GetExtension(f.FileName) == ".jpg") f.SaveAs(Server.MapPath("~/img/") + f.FileName); }</script><asp:FileUpload id="f" runat="server" />',
    ],
    [
      'a picture kept under the name of a visitor, with an ending of its own',
      '<%@ WebService Language="C#" Class="S" %>class S { [WebMethod] public void Keep(string name, string data) { string file = name + ".png"; Put(root + @"\\" + file, Convert.FromBase64String(data)); } void Put(string path, byte[] bytes) { {File}.WriteAllBytes(path, bytes); } }',
    ],
    [
      'an upload into a folder of its own that looks at the ending',
      '<%@ WebHandler Language="C#" Class="H" %>class H { void ProcessRequest(HttpContext c) { for (int i = 0; i < 2; i++) { var f = c.Request.Files[i]; string name = c.Request.Files.AllKeys[i]; if (!name.EndsWith(".jpg")) return; name = Path.Combine(c.Server.MapPath("~/User/Slips/"), name); f.{SaveAs}(name); } } }',
    ],
    [
      'a document whose ending is put behind its name',
      '<%@ WebService Language="C#" Class="S" %>class S { [WebMethod] public void Keep(string id, byte[] data) { string path = root + id; path += ".doc"; {File}.WriteAllBytes(path, data); } }',
    ],
    [
      'a document by its number',
      '<%@ WebService Language="C#" Class="S" %>class S { [WebMethod] public void Keep(int folder, string id, byte[] data) { {File}.WriteAllBytes(string.Format(@"{0}\\{1}.pdf", id, folder) + ".pdf", data); } }',
    ],
    [
      'a page that shows a chosen file of its own',
      '<%@ Page Language="C#" %><script runat="server">void Page_Load(object s, EventArgs e){ var r = new System.IO.StreamReader(Server.MapPath("src/" + Request["f"])); Response.Write(Server.HtmlEncode(r.ReadToEnd())); }</script>',
    ],
    [
      'a deserialiser of JSON',
      '<%@ WebHandler Language="C#" Class="J" %>class J { void P(HttpContext c) { new JavaScriptSerializer().Deserialize<Item>(c.Request["j"]); } }',
    ],
    [
      'a classic page',
      '<%@ Language=VBScript %><% Set c = Server.CreateObject("ADODB.Connection")\nc.Open "DSN=x"\nSet r = c.Execute("select 1")\nResponse.Write Request.QueryString("q") %>',
    ],
  ])('%s', (_, page) => expect(judge(page)).toMatchObject({ verdict: 'benign', traits: [] }));

  it('a page that is nothing but an upload, or uploads into a served folder, is an uploader', () => {
    const bare =
      '<%@ Page Language="C#" %><% HttpPostedFile f = {Request}.Files[0]; f.{SaveAs}(Path.Combine(folder, f.FileName)); %>';
    expect(judge(bare)).toMatchObject({
      verdict: 'remote-control',
      family: 'SIMPLESEESHARP',
      traits: [{ code: 'uploader' }],
    });
    const into = `<%@ Page Language="C#" %><% var f = {Request}.Files[0]; f.{SaveAs}(@"C:\\inetpub\\wwwroot\\x\\" + f.FileName); %><p>${'x'.repeat(500)}`;
    expect(judge(into).verdict).toBe('remote-control');
  });

  it.each([
    ['an ending that is cut off again', 'string p = {Request}["p"] + ".png"; p = {Request}["p"];'],
    ['a way around the ending', 'string p = {Request}["p"]; if (x) p = p + ".png";'],
    ['an ending that is put behind only at times', 'string p = {Request}["p"]; if (x) p += ".png";'],
    ['a name behind the ending', 'string p = {Request}["p"] + ".png"; p += {Request}["q"];'],
    ['a way around the ending, in braces', 'string p = {Request}["p"]; if (x) { p = "a.png"; }'],
    ['an ending that something follows', 'string p = ".png" + {Request}["p"];'],
    ['an ending that ends in zero', 'string p = {Request}["p"] + "\\0.png";'],
    ['an ending that comes later', 'string p = {Request}["p"]; while (x) { Save(p); p = "a.png"; }'],
    ['an ending of a page', 'string p = {Request}["p"] + ".aspx";'],
  ])('%s: still writes what the visitor wants', (_, path) => {
    const page = `<%@ Page Language="C#" %><% ${path} System.IO.{File}.WriteAllText(p, {Request}["c"]); %>`;
    expect(judge(page).verdict).toBe('remote-control');
  });

  it.each([
    ['a folder that the visitor names', 'string p = Server.MapPath({Request}["d"]) + "/a/" + f.FileName;'],
    ['no folder', 'string p = Server.MapPath("~/") + f.FileName;'],
    ['an empty one', 'string p = "" + {Request}["d"];'],
    ['one that is put before only at times', 'string p = {Request}["d"]; if (x) p = "C:/a/" + p;'],
  ])('an upload into %s is an uploader', (_, path) => {
    const page = `<%@ Page Language="C#" %><% var f = {Request}.Files[0]; ${path} f.{SaveAs}(p); %><p>${'x'.repeat(500)}`;
    expect(judge(page)).toMatchObject({ verdict: 'remote-control', traits: [{ code: 'uploader' }] });
  });

  it('an upload that keeps the name of the visitor is suspicious, not more', () => {
    const page =
      '<%@ Page Language="C#" %><script runat="server">void Up(object s, EventArgs e){ f.{SaveAs}(Server.MapPath("~/files/") + f.FileName); }</script><asp:FileUpload id="f" runat="server" />';
    expect(judge(page)).toMatchObject({ verdict: 'suspicious', traits: [{ code: 'upload-keeps-name' }] });
  });
});

describe('pages with something in them that decides nothing', () => {
  it.each<readonly [string, string, string?]>([
    [
      'starts-process',
      '<%@ Page Language="C#"%><% System.Diagnostics.{Process}.{Start}("iisreset.exe", mode); %>',
    ],
    ['evaluates-script', '<%@ Page Language="JScript"%><% {eval}(decode(blob), "{unsafe}"); %>'],
    [
      'embedded-assembly',
      '<%@ Page Language="C#"%><% System.Reflection.{Assembly}.{Load}(Convert.FromBase64String("TVqQAAMAAAA=")); %>',
    ],
    ['shell-object', '<% Set w = Server.CreateObject("wscript.shell") %>', 'a.asp'],
    ['include-odd', '<!--#include file="photo.jpg"--><p>', 'a.asp'],
    ['encoded-script', '<%@ LANGUAGE = VBScript.Encode %><%#@~^AAAA==%>', 'a.asp'],
    [
      'file-explorer',
      '<%@ Page Language="C#"%><% foreach (var f in System.IO.Directory.GetFiles({Request}["d"])) Response.Write(f); %>',
    ],
  ])('%s', (code, page, name) => {
    expect(codesOf(page ?? '', name)).toContain(code);
    expect(judge(page ?? '', name).verdict).toBe('suspicious');
  });
});

describe('heads that are no text', () => {
  const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919 + 13) % 31);
  it.each([
    ['a mail export', [0x21, 0x42, 0x44, 0x4e]],
    ['a certificate request', [0x30, 0x82, 0x0b, 0x0a]],
    ['bytes', [0, 1, 2, 3]],
  ])('%s hides nothing', (_, magic) => {
    const found = judgeFile(Uint8Array.from([...magic, ...noise, ...bytesOf(oneLiner)]), 'x.aspx');
    expect(found.verdict).toBe('remote-control');
    expect(found.traits.map((t) => t.code)).toEqual(['hidden-script', 'request-to-eval']);
  });

  it('is suspicious alone, once code follows', () => {
    const quiet = bytesOf('<%@ Page Language="C#"%><% Response.Write(1); %>');
    expect(judgeFile(Uint8Array.from([0x21, 0x42, 0x44, 0x4e, ...noise, ...quiet]), 'x.aspx').verdict).toBe(
      'suspicious',
    );
  });
});

describe('the dump of an offline address book', () => {
  const dump = (address: string): string =>
    [
      'Name                            : OAB (Default Web Site)',
      'PollInterval                    : 480',
      'OfflineAddressBooks             : ',
      'RequireSSL                      : True',
      'MetabasePath                    : IIS://mx1.example.org/W3SVC/1/ROOT/OAB',
      'Server                          : MX1',
      'InternalUrl                     : https://mx1.example.org/OAB',
      'InternalAuthenticationMethods   : WindowsIntegrated',
      `ExternalUrl                     : ${address}`,
      'ExternalAuthenticationMethods   : WindowsIntegrated',
      'Guid                            : 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
      'WhenChanged                     : 3/3/2021 9:15:07 PM',
      'WhenCreatedUTC                  : 12/31/2019 12:00:01 AM',
    ].join('\r\n');

  it('with a script is what it is, with all that it tells', () => {
    const found = judge(dump(`http://f/${oneLiner}`));
    expect(found).toMatchObject({
      verdict: 'remote-control',
      family: 'OAB dump with script',
      parameters: ['orange'],
    });
    expect(found.traits).toContainEqual(expect.objectContaining({ code: 'oab-script', line: 9 }));
    expect(found.names.get('Server')).toBe('MX1');
    expect(found.names.get('Guid')).toBe('0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0');
    expect(found.names.get('WhenChanged')).toBe('3/3/2021 9:15:07 PM');
    expect([...found.times].map(([name, time]) => [name, formatTime(time)])).toEqual([
      ['WhenCreatedUTC', '2019-12-31T00:00:01Z'],
    ]);
  });

  it.each<readonly [string, string, string]>([
    ['a broken script', 'http://f/<{script} language="JScript" runat="ser', 'remote-control'],
    ['a script that was escaped', 'http://f/&lt;{script} runat=server&gt;', 'suspicious'],
    ['a script in percent signs', 'http://f/%3C{script}%20runat=x%3E', 'suspicious'],
    ['no script', 'https://mail.example.org/OAB', 'suspicious'],
  ])('with %s is no less than suspicious', (_, address, verdict) => {
    expect(judge(dump(address)).verdict).toBe(verdict);
  });

  it('is not seen in a page that has a few such words', () => {
    expect(
      judge('<pre>\nName : x\nServer : y\nExternalUrl : z\nPath : p\nGuid : g\nIdentity : i\n</pre>').traits,
    ).toEqual([]);
  });
});

describe('bad input', () => {
  it('never throws, and places lie inside the file', () => {
    const bits = fc.constantFrom(
      '<%',
      '%>',
      '<%--',
      '--%>',
      '<script runat=server>',
      '</script>',
      '"',
      "'",
      '@"',
      '$"{',
      '(',
      ')',
      '{',
      '}',
      '=',
      ' Request["a"]',
      ' eval(',
      ';',
      '\n',
      '\\',
      '/*',
      '//',
      '`',
      '\0',
      'é',
      'x',
      'if ',
      'Sub a(b)',
      'End Sub',
      '<?php ',
      '$_GET',
      '[',
    );
    const page = fc
      .array(fc.oneof({ weight: 4, arbitrary: bits }, fc.string()), { maxLength: 60 })
      .map((all) => all.join(''));
    const name = fc.constantFrom(
      'a.aspx',
      'a.ashx',
      'a.asp',
      'a.php',
      'a.jsp',
      'web.config',
      'a.compiled',
      'App_Web_x.dll',
    );
    fc.assert(
      fc.property(page, name, (text, path) => {
        const bytes = new TextEncoder().encode(text);
        const found = judgeFile(bytes, path);
        expect(found.verdict).not.toBe('not-judged');
        for (const { offset, line } of found.traits) expect(offset <= bytes.length && line >= 0).toBe(true);
      }),
      propertyRuns(4),
    );
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        (bytes) => judgeFile(bytes, 'a.aspx').verdict !== 'not-judged',
      ),
      propertyRuns(2),
    );
  });

  it.each([
    ['open script tags', '<script runat=server '],
    ['open blocks', '<% '],
    ['open comments', '<%--'],
    ['open brackets', '<%(['],
    ['closed brackets', '])'],
    ['assignments', '<%a=b[c]=d(e)='],
    ['functions', 'function a(b){'],
    ['subs', '\nSub a(b)\n'],
    ['quotes', `"'@"`],
    ['calls', 'a(Request["b"]);'],
    ['controls', '<asp:TextBox id=a '],
  ])('ends on a page of %s', (_, piece) => {
    const page = `<%@ Page Language="C#"%><script runat=server>${piece.repeat(Math.floor(300_000 / piece.length))}`;
    expect(['benign', 'suspicious']).toContain(judge(page).verdict);
  });

  it('judges a large file on its head and tail, and says so', () => {
    const size = limits.pageBytes * 3;
    const tail = bytesOf(oneLiner);
    const reads: number[] = [];
    const input = {
      size,
      readAt(target: Uint8Array, offset: number): number {
        reads.push(target.length);
        const end = Math.min(size, offset + target.length);
        target.fill(0x20, 0, end - offset);
        if (end === size) target.set(tail, end - offset - tail.length);
        return end - offset;
      },
    };
    const found = judgeInput(input, 'x.aspx');
    expect(found.verdict).toBe('remote-control');
    expect(found.issues.map((i) => i.code)).toEqual(['POSTERN_WEBSHELL_PARTLY_JUDGED']);
    expect(found.traits[0]).toMatchObject({
      line: 0,
      offset: size - tail.length + joined(oneLiner).indexOf(joined('{eval}(')),
    });
    // Head and tail once more: the middle is searched, not judged.
    expect(reads.reduce((a, b) => a + b, 0)).toBeLessThan(2 * limits.pageBytes + size);
  });

  it('says when a page has more code than is looked at', () => {
    const page = `<%@ Page Language="C#"%><% ${'a;'.repeat(220_000)} %>`;
    expect(judge(page).issues.map((i) => i.code)).toEqual(['POSTERN_WEBSHELL_TOKENS']);
  });

  it('gives the same for bytes and for an input', () => {
    expect(judgeInput(inputOf(bytesOf(oneLiner)), 'x.aspx')).toEqual(judge(oneLiner, 'x.aspx'));
  });
});

describe('configurations and compiled pages', () => {
  it.each([
    ['C:\\ProgramData\\COM1\\x'],
    ['C:\\Users\\All Users\\x'],
    ['\\\\?\\C:\\ProgramData\\XYZ'],
    ['D:\\web\\aux\\y'],
    ['%ProgramData%\\who'],
  ])('a virtual directory at %s is suspicious', (path) => {
    const config = `<configuration>\n<site>\n<virtualDirectory path="/a" physicalPath="${path}" /></site></configuration>`;
    expect(judge(config, 'applicationHost.config')).toMatchObject({
      verdict: 'suspicious',
      traits: [{ code: 'rogue-virtual-directory', line: 3 }],
    });
  });

  it.each([
    '%SystemDrive%\\inetpub\\wwwroot',
    'C:\\Program Files\\Vendor\\FrontEnd\\auxiliary',
    'C:\\Windows\\Microsoft.NET\\ASP.NETClientFiles',
  ])('one at %s is not', (path) =>
    expect(
      judge(`<virtualDirectory path="/" physicalPath="${path}" />`, 'applicationHost.config').verdict,
    ).toBe('benign'),
  );

  it('code in a web.config is judged as the page it can be', () => {
    const config = '<?xml version="1.0"?><configuration/>\n<!-- <%{Execute}({Request}("k"))%> -->';
    expect(judge(config, 'web.config').traits.map((t) => t.code)).toEqual([
      'code-in-config',
      'request-to-eval',
    ]);
    expect(judge('<configuration><!-- plain --></configuration>', 'web.config').verdict).toBe('benign');
  });

  it('an ending that is no page, handed to a page handler, is suspicious', () => {
    const config =
      '<handlers><add name="x" path="*.jpg" verb="*" type="System.Web.UI.PageHandlerFactory" /></handlers>';
    expect(codesOf(config, 'web.config')).toEqual(['handler-for-odd-ending']);
  });

  it('a compiled page tells which page it was', () => {
    const xml =
      '<?xml version="1.0"?><preserve resultType="3" virtualPath="/aspnet_client/a.aspx" assembly="App_Web_abc" />';
    expect(judge(xml, 'a.aspx.1a2b.compiled').names).toEqual(
      new Map([
        ['VirtualPath', '/aspnet_client/a.aspx'],
        ['Assembly', 'App_Web_abc'],
      ]),
    );
  });

  it('an assembly that evaluates script and reads the request is a back door', () => {
    const dll = (names: string): Uint8Array =>
      Uint8Array.from([...bytesOf(`MZ\0${names}\0`), ...utf16Of('~/aspnet_client/a.aspx', {})]);
    const found = judgeFile(dll('JScript{Eval}uate\0get_{Request}'), 'C:\\t\\App_Web_abc.dll');
    expect(found).toMatchObject({
      verdict: 'remote-control',
      traits: [{ code: 'compiled-evaluator', line: 0 }],
    });
    expect(found.names.get('VirtualPath')).toBe('/aspnet_client/a.aspx');
    expect(judgeFile(dll('get_{Request}'), 'App_Web_abc.dll').verdict).toBe('benign');
  });
});
